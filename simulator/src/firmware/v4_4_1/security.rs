//! `/security`: rules for passwords, lock-outs and sessions, and what the device keeps of firewalls and the like.

mod ask;

use std::sync::Arc;

use xerus_api::security::{
    BlockSettings, FipsSettings, IpFw, PasswordSettings, RestrictedServiceAgreement,
    RoleAccessControl, Security, SshHostKey, SshSettings, TpmInfo,
};
use xerus_api::server::security as traits;
use xerus_rpc::server::{Context, Reply};

use self::ask::{change_sessions, set_role_access};
use super::access_rules::{firewall, role_access, wanted_firewall};
use super::login_rules::{MINUTES, block_rules, block_settings, password_rules, password_settings};
use crate::firmware::Name;
use crate::model::Device;
use crate::model::access::{FRONT_PANEL, Family};

pub(super) fn name() -> Name {
    Name::single::<Security>("/security")
}

/// Serves `/security`.
pub(super) struct SecurityServant(pub(super) Arc<Device>);

impl traits::Security for SecurityServant {
    fn get_block_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, BlockSettings> {
        self.look(context, |device| {
            block_settings(device.accounts().book().users.blocking)
        })
    }

    fn set_block_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: BlockSettings,
    ) -> Reply<'a, ()> {
        self.change(context, block_rules(&settings), |device, rules| {
            device.accounts().book().users.blocking = rules;
        })
    }

    fn get_pw_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, PasswordSettings> {
        self.look(context, |device| {
            password_settings(device.accounts().book().users.passwords)
        })
    }

    /// Passwords do not expire here, whatever the settings say.
    fn set_pw_settings<'a>(
        &'a self,
        context: &'a Context,
        pw_settings: PasswordSettings,
    ) -> Reply<'a, ()> {
        let rules = password_rules(&pw_settings).filter(|_| !pw_settings.enable_aging);
        self.change(context, rules, |device, rules| {
            device.accounts().book().users.passwords = rules;
        })
    }

    /// In minutes.
    fn get_idle_timeout_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, i32> {
        self.look(context, |device| {
            device.sessions().rules(device.clock().now()).idle / 60
        })
    }

    fn set_idle_timeout_settings<'a>(
        &'a self,
        context: &'a Context,
        idle_timeout: i32,
    ) -> Reply<'a, ()> {
        let minutes = MINUTES.contains(&idle_timeout).then_some(idle_timeout);
        self.change(context, minutes, |device, minutes| {
            change_sessions(device, |rules| rules.idle = 60 * minutes);
        })
    }

    fn get_single_login_limitation<'a>(&'a self, context: &'a Context) -> Reply<'a, bool> {
        self.look(context, |device| {
            device.sessions().rules(device.clock().now()).single
        })
    }

    fn set_single_login_limitation<'a>(
        &'a self,
        context: &'a Context,
        single_login: bool,
    ) -> Reply<'a, ()> {
        self.change(context, Some(single_login), |device, single| {
            change_sessions(device, |rules| rules.single = single);
        })
    }

    fn get_http_redir_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, bool> {
        self.look(context, |device| device.maintenance().access.redirect)
    }

    fn set_http_redir_settings<'a>(
        &'a self,
        context: &'a Context,
        http2https_redir: bool,
    ) -> Reply<'a, ()> {
        self.change(context, Some(http2https_redir), |device, to| {
            device.maintenance().access.redirect = to;
        })
    }

    fn is_hsts_enabled<'a>(&'a self, context: &'a Context) -> Reply<'a, bool> {
        self.look(context, |device| {
            device.maintenance().access.strict_transport
        })
    }

    fn set_hsts_enabled<'a>(&'a self, context: &'a Context, enable: bool) -> Reply<'a, ()> {
        self.change(context, Some(enable), |device, to| {
            device.maintenance().access.strict_transport = to;
        })
    }

    fn get_ip_fw_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, IpFw> {
        self.look(context, |device| {
            firewall(device.maintenance().access.firewall(Family::V4))
        })
    }

    fn set_ip_fw_settings<'a>(&'a self, context: &'a Context, ip_fw: IpFw) -> Reply<'a, ()> {
        self.change_if(context, |device| {
            let wanted = wanted_firewall(ip_fw);
            wanted
                .is_some_and(|wanted| device.maintenance().access.set_firewall(Family::V4, wanted))
        })
    }

    fn get_ip_v6_fw_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, IpFw> {
        self.look(context, |device| {
            firewall(device.maintenance().access.firewall(Family::V6))
        })
    }

    fn set_ip_v6_fw_settings<'a>(&'a self, context: &'a Context, ip_v6_fw: IpFw) -> Reply<'a, ()> {
        self.change_if(context, |device| {
            let wanted = wanted_firewall(ip_v6_fw);
            wanted
                .is_some_and(|wanted| device.maintenance().access.set_firewall(Family::V6, wanted))
        })
    }

    fn get_role_access_control_settings<'a>(
        &'a self,
        context: &'a Context,
    ) -> Reply<'a, RoleAccessControl> {
        self.look(context, |device| {
            role_access(device.maintenance().access.roles(Family::V4))
        })
    }

    fn set_role_access_control_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: RoleAccessControl,
    ) -> Reply<'a, ()> {
        self.change_if(context, |device| {
            set_role_access(device, Family::V4, settings)
        })
    }

    fn get_role_access_control_settings_v6<'a>(
        &'a self,
        context: &'a Context,
    ) -> Reply<'a, RoleAccessControl> {
        self.look(context, |device| {
            role_access(device.maintenance().access.roles(Family::V6))
        })
    }

    fn set_role_access_control_settings_v6<'a>(
        &'a self,
        context: &'a Context,
        settings: RoleAccessControl,
    ) -> Reply<'a, ()> {
        self.change_if(context, |device| {
            set_role_access(device, Family::V6, settings)
        })
    }

    fn get_ssh_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, SshSettings> {
        self.look(context, |device| {
            let access = &device.maintenance().access;
            SshSettings {
                allow_password_auth: access.ssh_password,
                allow_public_key_auth: access.ssh_key,
                extra_: Default::default(),
            }
        })
    }

    fn set_ssh_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: SshSettings,
    ) -> Reply<'a, ()> {
        self.change(context, Some(settings), |device, settings| {
            let access = &mut device.maintenance().access;
            access.ssh_password = settings.allow_password_auth;
            access.ssh_key = settings.allow_public_key_auth;
        })
    }

    /// There is no SSH server here.
    fn get_ssh_host_keys<'a>(&'a self, context: &'a Context) -> Reply<'a, Vec<SshHostKey>> {
        self.look(context, |_| Vec::new())
    }

    fn get_restricted_service_agreement<'a>(
        &'a self,
        context: &'a Context,
    ) -> Reply<'a, RestrictedServiceAgreement> {
        self.look(context, |device| {
            let maintenance = device.maintenance();
            let (enabled, banner) = maintenance.access.agreement();
            RestrictedServiceAgreement {
                enabled,
                banner: banner.to_owned(),
                extra_: Default::default(),
            }
        })
    }

    fn set_restricted_service_agreement<'a>(
        &'a self,
        context: &'a Context,
        settings: RestrictedServiceAgreement,
    ) -> Reply<'a, ()> {
        self.change_if(context, |device| {
            let access = &mut device.maintenance().access;
            access.set_agreement(settings.enabled, settings.banner)
        })
    }

    fn get_supported_front_panel_privileges<'a>(
        &'a self,
        context: &'a Context,
    ) -> Reply<'a, Vec<String>> {
        self.look(context, |_| FRONT_PANEL.map(str::to_owned).to_vec())
    }

    fn get_front_panel_privileges<'a>(&'a self, context: &'a Context) -> Reply<'a, Vec<String>> {
        self.look(context, |device| {
            let maintenance = device.maintenance();
            let names = maintenance.access.front_panel().iter();
            names.map(|&name| name.to_owned()).collect()
        })
    }

    fn set_front_panel_privileges<'a>(
        &'a self,
        context: &'a Context,
        privileges: Vec<String>,
    ) -> Reply<'a, ()> {
        self.change_if(context, |device| {
            device.maintenance().access.set_front_panel(&privileges)
        })
    }

    fn is_secure_boot_active<'a>(&'a self, context: &'a Context) -> Reply<'a, bool> {
        self.look(context, |_| false)
    }

    fn get_tpm_info<'a>(&'a self, context: &'a Context) -> Reply<'a, TpmInfo> {
        self.look(context, |_| TpmInfo::default())
    }

    /// It counts from the next start on, which the simulated device does not do for this.
    fn get_active_fips_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, FipsSettings> {
        self.look(context, |_| FipsSettings::default())
    }

    fn get_persistent_fips_settings<'a>(&'a self, context: &'a Context) -> Reply<'a, FipsSettings> {
        self.look(context, |device| FipsSettings {
            enabled: device.maintenance().access.fips,
            extra_: Default::default(),
        })
    }

    fn set_persistent_fips_settings<'a>(
        &'a self,
        context: &'a Context,
        settings: FipsSettings,
    ) -> Reply<'a, ()> {
        self.change(context, Some(settings), |device, settings| {
            device.maintenance().access.fips = settings.enabled;
        })
    }
}
