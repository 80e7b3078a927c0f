"""Outlets switched one by one."""

from raritan.rpc import pdumodel


def drive(step, device):
    outlets = device.outlets()
    with step.block("states"):
        for index, outlet in enumerate(outlets):
            step("outlet.%d.state" % index, outlet.getState)
    step("outlet.2.set_power_state", outlets[2].setPowerState, pdumodel.Outlet.PowerState.PS_OFF)
    step("outlet.2.new_state", outlets[2].getState)
    step("outlet.2.new_current", lambda: outlets[2].getSensors().current.getReading())
    step("unknown_rid", pdumodel.Outlet("/model/pdu/0/outlet/999", device.agent).getState)
    step("unknown_method", pdumodel.Inlet(outlets[0].target, device.agent).getPoles)
