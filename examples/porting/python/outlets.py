"""All outlets, one by one."""

from connect import agent
from raritan.rpc import pdumodel

pdu = pdumodel.Pdu("/model/pdu/0", agent())
for outlet in pdu.getOutlets():
    label = outlet.getMetaData().label
    state = outlet.getState()
    power = "on" if state.powerState == pdumodel.Outlet.PowerState.PS_ON else "off"
    current = outlet.getSensors().current
    if current is None:
        print("outlet %s: %s" % (label, power))
    else:
        print("outlet %s: %s, %.3f A" % (label, power, current.getReading().value))
