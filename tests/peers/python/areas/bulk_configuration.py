"""The bulk configuration and the backup: downloaded and restored; something else refused."""

from raritan.rpc import bulkcfg


def drive(step, device):
    agent = device.agent
    # The oldest client has another name for it.
    download = getattr(bulkcfg, "download", None) or bulkcfg.download_bulkcfg
    configuration = bulkcfg.BulkConfiguration("/bulkcfg", agent)
    outlet = device.outlets()[7]

    def rename(name):
        settings = outlet.getSettings()
        settings.name = name
        return outlet.setSettings(settings)

    for name, backup in (("bulk_config", False), ("backup", True)):
        step("%s.kept" % name, rename, "kept")
        data = download(agent, backup=backup)
        step("%s.lost" % name, rename, "lost")
        step("%s.upload" % name, lambda: str(bulkcfg.upload(agent, data, backup=backup)))
        step.advance(60)
        step.until("%s.done" % name, 3, lambda: configuration.getStatus()[0].val)
        step("%s.status" % name, configuration.getStatus)
        step("%s.name" % name, lambda: outlet.getSettings().name)
    step("bulk_config.wrong", lambda: str(bulkcfg.upload(agent, b"no configuration")))
    step("bulk_config.profile", configuration.getDefaultFilterProfileName)
    step("bulk_config.filters", configuration.getFilters)
