//! The devices that are there now.

use crate::device::Device;
use crate::event::Event;

/// The devices that are there now, kept up by events.
///
/// ```no_run
/// use xerus_discovery::{Devices, Discovery};
///
/// let mut devices = Devices::default();
/// for event in Discovery::builder().endless().start()? {
///     devices.apply(event?);
///     println!("{} devices", devices.len());
/// }
/// # Ok::<(), xerus_discovery::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Devices {
    /// By name, then by host.
    sorted: Vec<Device>,
}

impl Devices {
    /// Takes in what happened.
    pub fn apply(&mut self, event: Event) {
        match event {
            Event::Found(device) => self.insert(device),
            Event::Changed { before, after } => {
                self.remove(&before);
                self.insert(after);
            }
            Event::Removed(device) => self.remove(&device),
        }
    }

    fn insert(&mut self, device: Device) {
        let key = |device: &Device| (device.name().to_owned(), device.host().to_owned());
        let new = key(&device);
        let at = self.sorted.partition_point(|known| key(known) <= new);
        self.sorted.insert(at, device);
    }

    fn remove(&mut self, device: &Device) {
        if let Some(at) = self.sorted.iter().position(|known| known == device) {
            self.sorted.remove(at);
        }
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Device> {
        self.sorted.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// All of them, by name.
    #[must_use]
    pub fn into_vec(self) -> Vec<Device> {
        self.sorted
    }
}
