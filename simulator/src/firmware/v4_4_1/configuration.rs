//! How uploads of configurations fared, and what goes into bulk configurations.

use std::sync::Arc;

use xerus_api::bulkcfg::BulkConfiguration;
use xerus_api::bulkcfg::bulk_configuration::{self as bulk, Filter, FilterProfile, Settings};
use xerus_api::rawcfg::raw_configuration as raw;
use xerus_api::server::{bulkcfg as bulk_traits, rawcfg as raw_traits};
use xerus_rpc::Time;
use xerus_rpc::server::{Context, Reply};

use super::answer::{self, ReturnCode};
use crate::model::Device;
use crate::model::configuration::{self, FilterError, FilterType, Filters, Stage};

/// Serves `/rawcfg`.
pub(super) struct RawServant(pub(super) Arc<Device>);

impl raw_traits::RawConfiguration for RawServant {
    fn get_status<'a>(&'a self, _: &'a Context) -> Reply<'a, (raw::Status, Time)> {
        self.0.pass_maintenance();
        let (stage, since) = self.0.maintenance().raw.status();
        let status = match stage {
            Stage::Unknown => raw::Status::Unknown,
            Stage::UploadFailed => raw::Status::UploadFailed,
            Stage::Pending => raw::Status::UpdatePending,
            Stage::Done => raw::Status::UpdateOk,
            Stage::Failed => raw::Status::UpdateFailed,
        };
        Reply::ok((status, answer::time(since)))
    }
}

/// Serves `/bulkcfg`.
pub(super) struct BulkServant(pub(super) Arc<Device>);

impl ReturnCode for FilterError {
    fn code(self) -> i32 {
        match self {
            Self::FilterUnknown => BulkConfiguration::ERR_FILTER_NAME_UNKNOWN,
            Self::FilterFixed => BulkConfiguration::ERR_FILTER_TYPE_READONLY,
            Self::Exists => BulkConfiguration::ERR_PROFILE_ALREADY_EXISTS,
            Self::DoesNotExist => BulkConfiguration::ERR_PROFILE_DOES_NOT_EXIST,
            Self::IsDefault => BulkConfiguration::ERR_PROFILE_IS_DEFAULT,
            Self::IsBuiltIn => BulkConfiguration::ERR_PROFILE_IS_BUILTIN,
            Self::NameTooLong => BulkConfiguration::ERR_PROFILE_NAME_TOO_LONG,
            Self::NameInvalid => BulkConfiguration::ERR_PROFILE_NAME_INVALID,
            Self::TooMany => BulkConfiguration::ERR_PROFILE_TOO_MANY,
        }
    }
}

impl BulkServant {
    fn filters<T>(&self, read: impl FnOnce(&Filters) -> T) -> T {
        read(&self.0.maintenance().bulk.filters)
    }

    fn change<'a>(
        &self,
        context: &Context,
        change: impl FnOnce(&mut Filters) -> Result<(), FilterError>,
    ) -> Reply<'a, ()> {
        answer::change(&self.0, context, |actor| {
            self.0.change_filters(change, actor)
        })
    }
}

impl bulk_traits::BulkConfiguration for BulkServant {
    fn get_status<'a>(&'a self, _: &'a Context) -> Reply<'a, (bulk::Status, Time)> {
        self.0.pass_maintenance();
        let (stage, since) = self.0.maintenance().bulk.status();
        let status = match stage {
            Stage::Unknown => bulk::Status::Unknown,
            Stage::UploadFailed => bulk::Status::UploadFailed,
            Stage::Pending => bulk::Status::RestorePending,
            Stage::Done => bulk::Status::RestoreOk,
            Stage::Failed => bulk::Status::RestoreFailed,
        };
        Reply::ok((status, answer::time(since)))
    }

    fn get_filters<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<Filter>> {
        let filters = Filters::filters().iter().map(|filter| Filter {
            name: filter.name.to_owned(),
            display_name: filter.display_name.to_owned(),
            no_override: filter.fixed,
            bulk_only: filter.bulk_only,
            rule_specs: filter.rules.iter().map(|rule| (*rule).to_owned()).collect(),
            extra_: Default::default(),
        });
        Reply::ok(filters.collect())
    }

    fn get_filter_profiles<'a>(&'a self, _: &'a Context) -> Reply<'a, Vec<FilterProfile>> {
        Reply::ok(self.filters(profiles))
    }

    fn add_filter_profile<'a>(
        &'a self,
        context: &'a Context,
        profile: FilterProfile,
    ) -> Reply<'a, ()> {
        self.change(context, |filters| filters.add(read(profile)))
    }

    fn modify_filter_profile<'a>(
        &'a self,
        context: &'a Context,
        profile: FilterProfile,
    ) -> Reply<'a, ()> {
        self.change(context, |filters| filters.modify(read(profile)))
    }

    fn delete_filter_profile<'a>(&'a self, context: &'a Context, name: String) -> Reply<'a, ()> {
        self.change(context, |filters| filters.delete(&name))
    }

    fn get_default_filter_profile_name<'a>(&'a self, _: &'a Context) -> Reply<'a, String> {
        Reply::ok(self.filters(|filters| filters.default_name().to_owned()))
    }

    fn select_default_filter_profile<'a>(
        &'a self,
        context: &'a Context,
        name: String,
    ) -> Reply<'a, ()> {
        self.change(context, |filters| filters.select_default(&name))
    }

    fn get_settings<'a>(&'a self, _: &'a Context) -> Reply<'a, Settings> {
        Reply::ok(self.filters(|filters| Settings {
            filter_profiles: profiles(filters),
            default_profile_name: filters.default_name().to_owned(),
            extra_: Default::default(),
        }))
    }

    fn set_settings<'a>(&'a self, context: &'a Context, settings: Settings) -> Reply<'a, ()> {
        let profiles = settings.filter_profiles.into_iter().map(read).collect();
        let default = settings.default_profile_name;
        self.change(context, |filters| filters.replace(profiles, &default))
    }
}

fn profiles(filters: &Filters) -> Vec<FilterProfile> {
    let profiles = filters.profiles().iter();
    profiles
        .map(|profile| FilterProfile {
            name: profile.name.clone(),
            description: profile.description.clone(),
            filter_name_to_type_map: profile
                .types
                .iter()
                .map(|(name, kind)| {
                    let kind = match kind {
                        FilterType::Whitelist => bulk::FilterType::Whitelist,
                        FilterType::Blacklist => bulk::FilterType::Blacklist,
                    };
                    (name.clone(), kind)
                })
                .collect(),
            extra_: Default::default(),
        })
        .collect()
}

/// A type that nobody knows leaves settings out: that is the careful side.
fn read(profile: FilterProfile) -> configuration::FilterProfile {
    configuration::FilterProfile {
        name: profile.name,
        description: profile.description,
        types: profile
            .filter_name_to_type_map
            .into_iter()
            .map(|(name, kind)| match kind {
                bulk::FilterType::Whitelist => (name, FilterType::Whitelist),
                _ => (name, FilterType::Blacklist),
            })
            .collect(),
    }
}
