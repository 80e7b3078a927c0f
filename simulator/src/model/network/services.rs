//! Services that listen in the network.

/// A service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Service {
    pub(crate) name: String,
    pub(crate) enabled: bool,
    pub(crate) port: u16,
}

/// All services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Services(Vec<Service>);

impl Default for Services {
    fn default() -> Self {
        let service = |name: &str, enabled, port| Service {
            name: name.to_owned(),
            enabled,
            port,
        };
        Self(vec![
            service("HTTP", true, 80),
            service("HTTPS", true, 443),
            service("SSH", true, 22),
            service("TELNET", false, 23),
            service("MODBUS", false, 502),
        ])
    }
}

impl Services {
    pub(crate) fn all(&self) -> &[Service] {
        &self.0
    }

    /// Changes those that are named; the others stay. The answer says whether the device has them all, and whether none shares a port
    /// with another; otherwise nothing is changed.
    pub(crate) fn set(&mut self, wanted: Vec<Service>) -> bool {
        let mut services = self.0.clone();
        for new in wanted {
            let Some(service) = services.iter_mut().find(|service| service.name == new.name) else {
                return false;
            };
            *service = new;
        }
        let valid = services.iter().enumerate().all(|(index, service)| {
            let same = |other: &Service| other.port == service.port;
            service.port > 0 && !services[..index].iter().any(same)
        });
        if valid {
            self.0 = services;
        }
        valid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_have_ports_of_their_own() {
        let mut services = Services::default();
        let set = |services: &mut Services, name: &str, port| {
            services.set(vec![Service {
                name: name.to_owned(),
                enabled: true,
                port,
            }])
        };
        assert!(set(&mut services, "SSH", 2_222));
        for (name, port) in [("SSH", 443), ("SSH", 0), ("GOPHER", 70)] {
            assert!(!set(&mut services, name, port), "{name} {port}");
        }
        assert_eq!(services.all()[2].port, 2_222);
        assert_eq!(services.all().len(), 5);
    }
}
