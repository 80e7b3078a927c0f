"""What kind of PDU this is."""

from connect import agent
from raritan.rpc import pdumodel

pdu = pdumodel.Pdu("/model/pdu/0", agent())
metadata = pdu.getMetaData()
plate = metadata.nameplate
print("%s %s, serial number %s" % (plate.manufacturer, plate.model, plate.serialNumber))
print("firmware %s, controls outlets: %s" % (metadata.fwRevision, "yes" if metadata.hasSwitchableOutlets else "no"))
