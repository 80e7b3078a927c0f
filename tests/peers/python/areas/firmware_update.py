"""An image: uploaded, inspected, put in force, and the new version afterwards."""

import os

from raritan.rpc import firmware


def drive(step, device):
    agent = device.agent
    proxy = firmware.Firmware("/firmware", agent)
    step("firmware.before", proxy.getVersion)
    step("image.none", lambda: proxy.getImageInfo()[0])
    with open(os.environ["XERUS_IMAGE"], "rb") as file:
        image = file.read()
    step("image.upload", firmware.upload, agent, image)
    step("image.status", proxy.getImageStatus)
    present, info = proxy.getImageInfo()
    step.show("image.info", [present, info])
    step("update.start", proxy.startUpdate, [])
    status = firmware.FirmwareUpdateStatus("/cgi-bin/fwupdate_progress.cgi", agent)
    states = []
    for _ in range(300):
        try:
            state = status.getStatus().state
        except Exception:
            # Normal while it restarts.
            state = "absent"
        if not states or states[-1] != state:
            states.append(state)
        if state in ("FAIL", "NONE"):
            break
        step.advance(1)
    step.show("update.states", states)
    step("firmware.after", proxy.getVersion)
    step("update.history", proxy.getUpdateHistory)
