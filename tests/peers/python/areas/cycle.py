"""An outlet that is switched off and on again after its delay."""


def drive(step, device):
    outlet = device.outlets()[4]
    sensor = outlet.getSensors().outletState
    step("outlet.4.before", sensor.getState)
    step("outlet.4.cycle", outlet.cyclePowerState)
    step("outlet.4.off_meanwhile", lambda: sensor.getState().value)
    step("outlet.4.in_progress", lambda: outlet.getState().cycleInProgress)
    step.advance(60)
    step.until("outlet.4.on_again", 1, lambda: sensor.getState().value)
    step("outlet.4.after", outlet.getState)
