"""Warns when the current of the first inlet is above 12 A."""

from connect import agent
from raritan.rpc import pdumodel

inlet = pdumodel.Inlet("/model/inlet/0", agent())
sensor = inlet.getSensors().current
thresholds = sensor.getThresholds()
print("upper warning: %s" % ("on" if thresholds.upperWarningActive else "off"))
thresholds.upperWarning = 12.0
thresholds.upperWarningActive = True
code = sensor.setThresholds(thresholds)
print("changed: code %d" % code)
thresholds = sensor.getThresholds()
print("upper warning: %s, at %.1f A" % ("on" if thresholds.upperWarningActive else "off", thresholds.upperWarning))
thresholds.upperWarning = -1000000.0
print("out of range: code %d" % sensor.setThresholds(thresholds))
