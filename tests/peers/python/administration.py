"""What one version of the vendor's Python client reads of users, roles, sessions, clock, rules of access, network and SNMP.

    XERUS_PASSWORD=… administration.py http HOST:PORT USER

For each line on standard input it prints one line of JSON: for `read`, everything by name, as plain JSON; for `write`, what its own changes
gave, a code each.
"""

import json
import os
import sys

from raritan.rpc import Agent, datetime, devsettings, net, security, session, usermgmt

from steps import plain


class Administration:
    def __init__(self, scheme, host, user, password):
        agent = Agent(scheme, host, user, password, disable_certificate_verification=True, timeout=60)
        self.users = usermgmt.UserManager("/auth/user", agent)
        self.roles = usermgmt.RoleManager("/auth/role", agent)
        self.sessions = session.SessionManager("/session", agent)
        self.clock = datetime.DateTime("/datetime", agent)
        self.security = security.Security("/security", agent)
        self.net = net.Net("/net", agent)
        self.services = net.Services("/net/services", agent)
        self.snmp = devsettings.Snmp("/snmp", agent)

    def read(self):
        reads = {
            "users": self.users.getAllAccounts,
            "roles": self.roles.getAllRoles,
            "privileges": self.roles.getAllPrivileges,
            "sessions": self.sessions.getSessions,
            "clock": self.clock.getCfg,
            "lock_out": self.security.getBlockSettings,
            "passwords": self.security.getPwSettings,
            "idle": self.security.getIdleTimeoutSettings,
            "single": self.security.getSingleLoginLimitation,
            "agreement": self.security.getRestrictedServiceAgreement,
            "ssh": self.security.getSSHSettings,
            "settings": self.net.getSettings,
            "info": self.net.getInfo,
            "services": self.services.getSettings,
            "snmp": self.snmp.getConfiguration,
            "engine_id": self.snmp.getV3EngineId,
        }
        return {name: plain(call()) for name, call in reads.items()}

    def write(self):
        snmp = self.snmp.getConfiguration()
        snmp.sysName = "named by the vendor's client"
        settings = self.net.getSettings()
        settings.common.dns.searchSuffixes = ["vendor.example"]
        return [
            self.users.createAccount("vendor", "vendor's password"),
            self.users.deleteAccount("eve"),
            self.snmp.setConfiguration(snmp),
            self.net.setSettings(settings),
        ]


def main():
    scheme, host, user = sys.argv[1:4]
    administration = Administration(scheme, host, user, os.environ["XERUS_PASSWORD"])
    for line in sys.stdin:
        answer = administration.read() if line.strip() == "read" else administration.write()
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
