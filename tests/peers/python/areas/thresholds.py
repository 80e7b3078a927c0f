"""Thresholds: read, changed, exceeded, refused."""


def drive(step, device):
    outlet = device.outlets()[0]
    found = outlet.getSensors()
    step("energy.thresholds", found.activeEnergy.getThresholds)
    voltage = found.voltage
    thresholds = step.need("voltage.thresholds", voltage.getThresholds)
    thresholds.upperWarningActive = True
    thresholds.upperWarning = 100.0
    step("voltage.set_thresholds", voltage.setThresholds, thresholds)
    step("voltage.new_thresholds", voltage.getThresholds)
    step("voltage.warned_reading", voltage.getReading)
    thresholds.upperWarning = 1e9
    step("voltage.bad_thresholds", voltage.setThresholds, thresholds)
