"""The servers that the PDU watches."""

from connect import agent
from raritan.rpc import servermon

monitor = servermon.ServerMonitor("/servermon", agent())
reachable = servermon.ServerMonitor.ServerReachability.REACHABLE
for number, server in sorted(monitor.listServers().items()):
    answers = "answers" if server.status.reachable == reachable else "does not answer"
    print("%d: %s %s, %d pings" % (number, server.settings.host, answers, server.status.requests))
