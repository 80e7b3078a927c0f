"""Diagnostic data and logs."""

from raritan.rpc import diag, logging


def drive(step, device):
    agent = device.agent
    # The oldest client has another name for it.
    download = getattr(diag, "download", None) or diag.download_diag
    step("diagnostics.size", lambda: len(download(agent)) > 0)
    levels = diag.DiagLogSettings("/diag", agent)
    step("diagnostics.levels", lambda: len(levels.getLogLevelsForAllCtxNames()) > 0)
    log = logging.EventLog("/eventlog", agent)
    with step.block("event log"):
        info = log.getInfo()
        forward = logging.RangeDirection.FORWARD
        chunk = log.getChunk(info.idFirst, 100, forward, [])
        entries = chunk.selEntries
        step.show("log.ids", [entry.id for entry in entries] == list(range(info.idFirst, info.idFirst + len(entries))))
        step.show("log.entries", len(entries) > 0)
