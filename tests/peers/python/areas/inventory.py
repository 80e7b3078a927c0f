"""What the device consists of: outlets, inlets, poles, overcurrent protectors, peripheral devices."""

from raritan.rpc import firmware, jsonrpc


def drive(step, device):
    pdu = device.pdu
    step("outlets", pdu.getOutlets)
    with step.block("inlets"):
        for index, inlet in enumerate(step.need("inlets", pdu.getInlets)):
            step("inlet.%d.poles" % index, inlet.getPoles)
            step("inlet.%d.enabled" % index, inlet.isEnabled)
    with step.block("protectors"):
        for index, protector in enumerate(step.need("ocps", pdu.getOverCurrentProtectors)):
            step("ocp.%d.poles" % index, protector.getPoles)
            step("ocp.%d.inlet" % index, protector.getInlet)
    step("outlet.0.iop", lambda: pdu.getOutlets()[0].getIOP())
    with step.block("peripherals"):
        manager = pdu.getPeripheralDeviceManager()
        for index, slot in enumerate(step.need("slots", manager.getDeviceSlots)):
            step("slot.%d.device" % index, slot.getDevice)
        step("manager.devices", manager.getDiscoveredDevices)
    step("pdu.controllers", pdu.getControllers)
    step("firmware", firmware.Firmware("/firmware", device.agent).getVersion)
    step("lookup", jsonrpc.NameService("/ns", device.agent).lookup, "/model/pdu/0/outlet/0")
