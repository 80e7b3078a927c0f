"""What nobody can change."""


def drive(step, device):
    pdu = device.pdu
    step("pdu.meta_data", pdu.getMetaData)
    step("pdu.nameplate", pdu.getNameplate)
    step("pdu.statistic", pdu.getStatistic)
    for kind, parts in (("outlet", pdu.getOutlets), ("inlet", pdu.getInlets), ("ocp", pdu.getOverCurrentProtectors)):
        with step.block(kind):
            for index, part in enumerate(parts()):
                step("%s.%d.meta_data" % (kind, index), part.getMetaData)
