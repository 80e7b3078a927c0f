"""Which sensors the parts have, and what kind of sensors they are."""


def drive(step, device):
    pdu = device.pdu
    step("pdu.sensors", pdu.getSensors)
    for kind, parts in (("outlet", pdu.getOutlets), ("inlet", pdu.getInlets), ("ocp", pdu.getOverCurrentProtectors)):
        with step.block(kind):
            for index, part in enumerate(parts()):
                step("%s.%d.sensors" % (kind, index), part.getSensors)
    with step.block("sensors of an outlet"):
        found = pdu.getOutlets()[0].getSensors()
        for name, sensor in (("voltage", found.voltage), ("energy", found.activeEnergy)):
            step("%s.type" % name, sensor.getTypeSpec)
            step("%s.meta_data" % name, sensor.getMetaData)
