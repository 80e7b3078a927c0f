"""Diagnostic data and logs."""

from raritan.rpc import diag, logging


def drive(step, device):
    agent = device.agent
    # The oldest client has another name for it.
    download = getattr(diag, "download", None) or diag.download_diag
    step("diagnostics.there", lambda: len(download(agent)) > 0)
    step("diagnostics.levels", diag.DiagLogSettings("/diag", agent).getLogLevelsForAllCtxNames)
    log = logging.EventLog("/eventlog", agent)
    info = step.need("log.info", log.getInfo)
    chunk = log.getChunk(info.idFirst, 100, logging.RangeDirection.FORWARD, [])
    ids = [entry.id for entry in chunk.selEntries]
    step.show("log.in_order", len(ids) > 0 and ids == list(range(info.idFirst, info.idFirst + len(ids))))
