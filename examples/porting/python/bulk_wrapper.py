"""The same question to all outlets, in one request."""

from connect import agent
from raritan.rpc import perform_bulk, pdumodel

agent = agent()
outlets = pdumodel.Pdu("/model/pdu/0", agent).getOutlets()
for metadata in perform_bulk(agent, [(outlet.getMetaData, []) for outlet in outlets], raise_subreq_failure=True):
    print("outlet %s: %s" % (metadata.label, metadata.receptacleType))
