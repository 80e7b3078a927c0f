"""Settings: read, changed, read again."""

from raritan.rpc import pdumodel


def drive(step, device):
    pdu = device.pdu
    step("pdu.settings", pdu.getSettings)
    for kind, parts in (("outlet", pdu.getOutlets), ("inlet", pdu.getInlets), ("ocp", pdu.getOverCurrentProtectors)):
        with step.block(kind):
            for index, part in enumerate(parts()):
                step("%s.%d.settings" % (kind, index), part.getSettings)
    with step.block("peripherals"):
        manager = pdu.getPeripheralDeviceManager()
        for index, slot in enumerate(manager.getDeviceSlots()):
            step("slot.%d.settings" % index, slot.getSettings)
        step("manager.settings", manager.getSettings)
    with step.block("change of an outlet"):
        outlet = pdu.getOutlets()[1]
        settings = outlet.getSettings()
        settings.name = "driven \u00fc \U0001f50c"
        settings.cycleDelay = 7
        settings.startupState = pdumodel.Outlet.StartupState.SS_LASTKNOWN
        step("outlet.1.set_settings", outlet.setSettings, settings)
        step("outlet.1.new_settings", outlet.getSettings)
    with step.block("change of the pdu"):
        settings = pdu.getSettings()
        settings.name = "driven"
        settings.outletPowerStateSequence = list(reversed(settings.outletPowerStateSequence))
        step("pdu.set_settings", pdu.setSettings, settings)
        step("pdu.new_settings", pdu.getSettings)
