"""The bulk configuration and the backup: downloaded and restored."""

from raritan.rpc import bulkcfg


def drive(step, device):
    agent = device.agent
    # The oldest client has another name for it.
    download = getattr(bulkcfg, "download", None) or bulkcfg.download_bulkcfg
    configuration = bulkcfg.BulkConfiguration("/bulkcfg", agent)
    for name, backup in (("bulk", False), ("backup", True)):
        with step.block(name):
            data = download(agent, backup=backup)
            step.show("%s.size" % name, len(data) > 0)
            step("%s.upload" % name, lambda: str(bulkcfg.upload(agent, data, backup=backup)))
            step.advance(60)
            step("%s.status" % name, lambda: configuration.getStatus()[0])
    step("bulk.wrong", lambda: str(bulkcfg.upload(agent, b"no configuration")))
    step("bulk.profile", configuration.getDefaultFilterProfileName)
    step("bulk.filters", lambda: len(configuration.getFilters()) > 0)
