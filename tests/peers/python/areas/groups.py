"""Several outlets with one call: those of a list, all, and the members of a group."""

from raritan.rpc import pdumodel

OFF, ON = pdumodel.Outlet.PowerState.PS_OFF, pdumodel.Outlet.PowerState.PS_ON


def drive(step, device):
    pdu = device.pdu
    outlets = device.outlets()
    watched = [outlet.getSensors().outletState for outlet in outlets]

    def states():
        return [sensor.getState().value for sensor in watched]

    step("multiple.off", pdu.setMultipleOutletPowerStates, [0, 5], OFF, True)
    step("multiple.states", states)
    step("all.on", pdu.setAllOutletPowerStates, ON)
    step.advance(60)
    step.until("all.states", [1] * len(outlets), states)
    step("sequence", pdu.getOutletSequenceState)
    with step.block("group"):
        manager = pdumodel.OutletGroupManager("/model/outletgroup", device.agent)
        made = {}

        def create():
            code, made["group"] = manager.createGroup("driven", [outlets[0], outlets[1]])
            return code

        step.need("group.create", create)
        group = made["group"]
        number = step.need("group.meta_data", group.getMetaData).groupId
        step("group.all", lambda: len(manager.getAllGroups()))
        step("group.get", lambda: manager.getGroup(number)[0])
        step("group.settings", group.getSettings)
        step("group.sensors", group.getSensors)
        step("group.off", group.setAllOutletPowerStates, OFF)
        step("group.states", states)
        step("group.on", group.setAllOutletPowerStates, ON)
        step("group.delete", manager.deleteGroup, number)
        step("group.left", lambda: len(manager.getAllGroups()))
