"""The raw configuration: downloaded, changed, uploaded, downloaded again; something else refused."""

from raritan.rpc import rawcfg


def drive(step, device):
    agent = device.agent
    # The oldest client has another name for it.
    download = getattr(rawcfg, "download", None) or rawcfg.download_rawcfg
    configuration = rawcfg.RawConfiguration("/rawcfg", agent)
    text = download(agent)
    step.show("raw.downloaded", b"outlet[6].name=\n" in text)
    changed = text.replace(b"outlet[6].name=\n", b"outlet[6].name=raw\n")
    step("raw.upload", lambda: str(rawcfg.upload(agent, changed)))
    step("raw.pending", configuration.getStatus)
    step.advance(60)
    step.until("raw.name", "raw", lambda: device.outlets()[6].getSettings().name)
    step("raw.status", configuration.getStatus)
    step("raw.again", lambda: b"outlet[6].name=raw\n" in download(agent))
    step("raw.wrong", lambda: str(rawcfg.upload(agent, b"this is no configuration")))
