//! What goes into a bulk configuration.

use std::collections::BTreeMap;

use super::entries::Entry;

/// What a filter does to the settings that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilterType {
    /// They go into the configuration.
    Whitelist,
    /// They are left out.
    Blacklist,
}

/// A group of settings that are left out or not as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Filter {
    /// Its name, by which profiles refer to it.
    pub name: &'static str,
    /// Its name for people.
    pub display_name: &'static str,
    /// Whether profiles cannot choose its type.
    pub fixed: bool,
    /// Whether it does not count for backups.
    pub bulk_only: bool,
    /// How the keys begin that it is for.
    pub rules: &'static [&'static str],
    /// What it does unless a profile says otherwise.
    usual: FilterType,
}

const fn filter(
    name: &'static str,
    display_name: &'static str,
    rules: &'static [&'static str],
) -> Filter {
    Filter {
        name,
        display_name,
        fixed: false,
        bulk_only: false,
        rules,
        usual: FilterType::Whitelist,
    }
}

/// All filters of the device.
const FILTERS: [Filter; 6] = [
    Filter {
        bulk_only: true,
        usual: FilterType::Blacklist,
        ..filter("device_name", "Name of the device", &["pdu.name"])
    },
    filter("outlets", "Outlets", &["outlet["]),
    filter("inlets", "Inlets", &["inlet["]),
    filter("protectors", "Overcurrent protectors", &["ocp["]),
    filter("peripherals", "Peripheral devices", &["slot["]),
    Filter {
        fixed: true,
        ..filter("users", "Users", &["user["])
    },
];

/// A choice of what goes into a bulk configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilterProfile {
    /// Its name.
    pub name: String,
    /// Explanation for people.
    pub description: String,
    /// Type of filters, by [`Filter::name`].
    pub types: BTreeMap<String, FilterType>,
}

/// Why profiles cannot be changed so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FilterError {
    /// There is no filter of that name.
    FilterUnknown,
    /// The type of a filter cannot be chosen.
    FilterFixed,
    /// There is a profile of that name.
    Exists,
    /// There is no profile of that name.
    DoesNotExist,
    /// Not with the profile that counts by default.
    IsDefault,
    /// Not with a profile that belongs to the device.
    IsBuiltIn,
    /// The name of the profile is longer than 64 characters.
    NameTooLong,
    /// The name of the profile is empty or has control characters.
    NameInvalid,
    /// No more profiles fit.
    TooMany,
}

/// Name of the profile that belongs to the device.
const BUILT_IN: &str = "Default";
const MOST: usize = 32;

/// Profiles of one device.
#[derive(Clone, Debug)]
pub struct Filters {
    profiles: Vec<FilterProfile>,
    default: String,
}

impl Default for Filters {
    fn default() -> Self {
        Self {
            profiles: vec![FilterProfile {
                name: BUILT_IN.to_owned(),
                description: "Everything but the name of the device".to_owned(),
                types: BTreeMap::new(),
            }],
            default: BUILT_IN.to_owned(),
        }
    }
}

impl Filters {
    /// All filters of the device.
    #[must_use]
    pub fn filters() -> &'static [Filter] {
        &FILTERS
    }

    /// All profiles.
    #[must_use]
    pub fn profiles(&self) -> &[FilterProfile] {
        &self.profiles
    }

    /// Name of the profile that counts unless another is named.
    #[must_use]
    pub fn default_name(&self) -> &str {
        &self.default
    }

    /// Chooses the profile that counts unless another is named.
    ///
    /// # Errors
    ///
    /// When there is none of that name.
    pub fn select_default(&mut self, name: &str) -> Result<(), FilterError> {
        self.find(name)?;
        name.clone_into(&mut self.default);
        Ok(())
    }

    /// Adds a profile.
    ///
    /// # Errors
    ///
    /// When its name or its filters are not possible, there is one of that name, or no more fit.
    pub fn add(&mut self, profile: FilterProfile) -> Result<(), FilterError> {
        valid(&profile)?;
        if self.find(&profile.name).is_ok() {
            return Err(FilterError::Exists);
        }
        if self.profiles.len() == MOST {
            return Err(FilterError::TooMany);
        }
        self.profiles.push(profile);
        Ok(())
    }

    /// Replaces the profile of the same name.
    ///
    /// # Errors
    ///
    /// When there is none, it belongs to the device, or its filters are not possible.
    pub fn modify(&mut self, profile: FilterProfile) -> Result<(), FilterError> {
        let at = self.find(&profile.name)?;
        if profile.name == BUILT_IN {
            return Err(FilterError::IsBuiltIn);
        }
        valid(&profile)?;
        self.profiles[at] = profile;
        Ok(())
    }

    /// Removes a profile.
    ///
    /// # Errors
    ///
    /// When there is none, it counts by default, or it belongs to the device.
    pub fn delete(&mut self, name: &str) -> Result<(), FilterError> {
        let at = self.find(name)?;
        if name == BUILT_IN {
            return Err(FilterError::IsBuiltIn);
        }
        if name == self.default {
            return Err(FilterError::IsDefault);
        }
        self.profiles.remove(at);
        Ok(())
    }

    /// Replaces all profiles but the one that belongs to the device.
    ///
    /// # Errors
    ///
    /// For the first profile that is not possible; then nothing is changed.
    pub fn replace(
        &mut self,
        profiles: Vec<FilterProfile>,
        default: &str,
    ) -> Result<(), FilterError> {
        let mut new = Self::default();
        for profile in profiles {
            if profile.name != BUILT_IN {
                new.add(profile)?;
            }
        }
        new.select_default(default)?;
        *self = new;
        Ok(())
    }

    /// What goes into a bulk configuration, or a backup, with this profile; an empty name is the default one. `None`: there
    /// is no such profile.
    pub(super) fn pass(&self, profile: &str, backup: bool, all: Vec<Entry>) -> Option<Vec<Entry>> {
        let name = if profile.is_empty() {
            &self.default
        } else {
            profile
        };
        let profile = &self.profiles[self.find(name).ok()?];
        let goes = |entry: &Entry| {
            FILTERS
                .iter()
                .filter(|filter| !(backup && filter.bulk_only))
                .filter(|filter| filter.rules.iter().any(|rule| entry.key.starts_with(rule)))
                .all(|filter| {
                    let chosen = profile.types.get(filter.name).copied();
                    chosen.unwrap_or(filter.usual) == FilterType::Whitelist
                })
        };
        Some(all.into_iter().filter(goes).collect())
    }

    fn find(&self, name: &str) -> Result<usize, FilterError> {
        let mut profiles = self.profiles.iter();
        profiles
            .position(|profile| profile.name == name)
            .ok_or(FilterError::DoesNotExist)
    }
}

fn valid(profile: &FilterProfile) -> Result<(), FilterError> {
    if profile.name.is_empty() || profile.name.chars().any(char::is_control) {
        return Err(FilterError::NameInvalid);
    }
    if profile.name.chars().count() > 64 {
        return Err(FilterError::NameTooLong);
    }
    for name in profile.types.keys() {
        let filter = FILTERS.iter().find(|filter| filter.name == name);
        if filter.ok_or(FilterError::FilterUnknown)?.fixed {
            return Err(FilterError::FilterFixed);
        }
    }
    Ok(())
}
