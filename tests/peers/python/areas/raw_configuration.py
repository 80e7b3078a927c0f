"""The raw configuration: downloaded, changed, uploaded, downloaded again."""

from raritan.rpc import rawcfg


def drive(step, device):
    agent = device.agent
    # The oldest client has another name for it.
    download = getattr(rawcfg, "download", None) or rawcfg.download_rawcfg
    text = step.need("raw.download", download, agent)
    upload = step("raw.upload", lambda: str(rawcfg.upload(agent, text)))
    if upload is not None:
        step.advance(60)
    step("raw.status", lambda: rawcfg.RawConfiguration("/rawcfg", agent).getStatus())
    step("raw.again", lambda: download(agent) == text)
    step("raw.wrong", lambda: str(rawcfg.upload(agent, b"\0\1\2 this is no configuration")))
