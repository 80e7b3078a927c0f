"""Calls of several kinds, collected and sent in one request."""

from connect import agent
from raritan import rpc
from raritan.rpc import firmware, pdumodel

agent = agent()
pdu = pdumodel.Pdu("/model/pdu/0", agent)
helper = rpc.BulkRequestHelper(agent)
helper.add_request(firmware.Firmware("/firmware", agent).getVersion)
helper.add_request(pdu.getSettings)
helper.add_request(pdu.getOutlets)
helper.add_request(pdumodel.Outlet("/model/pdu/0/outlet/99", agent).getState)
version, settings, outlets, missing = helper.perform_bulk()
print("firmware %s" % version)
print("name '%s', %d outlets" % (settings.name, len(outlets)))
print("outlet 99: %s" % ("failed" if isinstance(missing, Exception) else "there"))
helper.clear()
