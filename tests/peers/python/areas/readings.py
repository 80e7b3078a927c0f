"""What sensors measure."""


def drive(step, device):
    pdu = device.pdu
    with step.block("pdu"):
        found = pdu.getSensors()
        step("pdu.active_energy", found.activeEnergy.getReading)
        step("pdu.power_supply", lambda: [sensor.getState() for sensor in found.powerSupplyStatus])
    with step.block("outlets"):
        for index, outlet in enumerate(pdu.getOutlets()):
            found = outlet.getSensors()
            step("outlet.%d.outlet_state" % index, found.outletState.getState)
            step("outlet.%d.current" % index, found.current.getReading)
            if index == 0:
                step("voltage.reading", found.voltage.getReading)
                step("energy.reading", found.activeEnergy.getReading)
                if hasattr(found.voltage, "getMinMax"):
                    step("voltage.extremes", found.voltage.getMinMax)
                else:
                    step.lacks("NumericSensor.getMinMax")
    with step.block("inlets"):
        for index, inlet in enumerate(pdu.getInlets()):
            step("inlet.%d.residual_current_status" % index, inlet.getSensors().residualCurrentStatus.getState)
            step("inlet.%d.pole_currents" % index, lambda: [pole.current.getReading() for pole in inlet.getPoles()])
    with step.block("protectors"):
        for index, protector in enumerate(pdu.getOverCurrentProtectors()):
            step("ocp.%d.trip" % index, protector.getSensors().trip.getState)
    with step.block("peripherals"):
        for index, slot in enumerate(pdu.getPeripheralDeviceManager().getDeviceSlots()):
            plugged = slot.getDevice()
            if plugged:
                step("slot.%d.reading" % index, plugged.device.getReading)
