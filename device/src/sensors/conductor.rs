//! Poles and line pairs: parts that are no objects.

use xerus_api::pdumodel::{DoublePole, MeteredLinePair, Pole, PowerLine};
use xerus_rpc::{Enumeration, Members};

use super::PlaceKind;

/// A structure with sensors that stands for a part.
pub(super) trait Conductor: Members + Send + 'static {
    const KIND: PlaceKind;

    fn label(&self) -> String;
}

impl Conductor for Pole {
    const KIND: PlaceKind = PlaceKind::Pole;

    fn label(&self) -> String {
        label_or_line(&self.label, self.line)
    }
}

impl Conductor for DoublePole {
    const KIND: PlaceKind = PlaceKind::Pole;

    fn label(&self) -> String {
        label_or_line(&self.label, self.line)
    }
}

impl Conductor for MeteredLinePair {
    const KIND: PlaceKind = PlaceKind::LinePair;

    fn label(&self) -> String {
        format!("{}-{}", line(self.left_line), line(self.right_line))
    }
}

fn label_or_line(label: &str, of: PowerLine) -> String {
    match label {
        "" => line(of),
        label => label.to_owned(),
    }
}

fn line(line: PowerLine) -> String {
    match line {
        PowerLine::Neutral => "N".to_owned(),
        PowerLine::Earth => "PE".to_owned(),
        line => line
            .name()
            .map_or_else(|| line.index().to_string(), str::to_owned),
    }
}
