"""Switches the first outlet off."""

from connect import agent
from raritan.rpc import pdumodel

outlet = pdumodel.Outlet("/model/outlet/0", agent())
off = pdumodel.Outlet.PowerState.PS_OFF
code = outlet.setPowerState(off)
print("asked for PS_OFF: code %d" % code)
state = outlet.getState()
print("it is %s now" % ("PS_OFF" if state.powerState == off else "something else"))
