//! What people read.

use std::fmt;

use xerus_rpc::Error;

use crate::fleet::Visit;
use crate::pdu::{Outlet, Power, Survey, Switched, Types};

impl fmt::Display for Visit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.device.agent.origin();
        let survey = match &self.survey {
            Ok(survey) => survey,
            // Most errors begin with the device themselves.
            Err(error) if error.origin().is_some() => return writeln!(f, "{error}"),
            Err(error) => return writeln!(f, "{origin}: {error}"),
        };
        writeln!(f, "{origin}: {survey}")?;
        for outlet in &survey.outlets {
            writeln!(f, "  {}", OutletLine(outlet))?;
        }
        match &self.switched {
            None => Ok(()),
            Some(Ok(switched)) => writeln!(f, "  {switched}"),
            Some(Err(error)) => writeln!(f, "  not switched: {error}"),
        }
    }
}

impl fmt::Display for Survey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (model, serial, name) = (&self.model, &self.serial, &self.name);
        writeln!(f, "{model}, serial number {serial}: {name}")?;
        writeln!(f, "  firmware {}, {}", self.firmware, self.types)?;
        write!(
            f,
            "  {} checksum errors on the internal bus",
            self.bus_errors
        )
    }
}

impl fmt::Display for Types {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reported)?;
        if self.reported != self.bindings {
            write!(f, " through {}", self.bindings)?;
        }
        Ok(())
    }
}

/// An outlet, or what is the matter with it.
struct OutletLine<'a>(&'a Result<Outlet, Error>);

impl fmt::Display for OutletLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Ok(outlet) => {
                let suspended = match outlet.suspended {
                    Some(true) => ", suspended",
                    Some(false) => ", not suspended",
                    None => "",
                };
                let (label, power) = (&outlet.label, outlet.power);
                let name = match outlet.name.as_str() {
                    "" => "(no name)",
                    name => name,
                };
                write!(
                    f,
                    "outlet {label}: {name}, {power}{suspended}; {}",
                    outlet.types
                )
            }
            Err(error) => write!(f, "an outlet: {error}"),
        }
    }
}

impl fmt::Display for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::On => "on",
            Self::Unknown => "in a state that the bindings do not know",
        })
    }
}

impl fmt::Display for Switched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Now(power) => write!(f, "switched: it is now {power}"),
            Self::NoSuchOutlet => f.write_str("not switched: there is no such outlet"),
            Self::Unchanged => f.write_str("not switched: the outlet stays as it was"),
        }
    }
}
