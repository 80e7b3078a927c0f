"""An image: uploaded, inspected, put in force, and the new version afterwards."""

import os
import time

from raritan.rpc import firmware


def drive(step, device):
    agent = device.agent
    proxy = firmware.Firmware("/firmware", agent)
    step("firmware.before", proxy.getVersion)
    step("image.before", proxy.getImageInfo)
    with open(os.environ["XERUS_IMAGE"], "rb") as file:
        image = file.read()
    step("image.upload", lambda: firmware.upload(agent, image) is None)
    step("image.status", lambda: proxy.getImageStatus().state)
    present, info = step.need("image.info", proxy.getImageInfo)
    if not (present and info.valid and info.compatible):
        step.show("image.refused", True)
        return
    step("update.start", proxy.startUpdate, [])
    status = firmware.FirmwareUpdateStatus("/cgi-bin/fwupdate_progress.cgi", agent)
    states = []
    for _ in range(100):
        step.advance(10)
        try:
            state = status.getStatus().state
        except Exception:
            # Normal while it restarts.
            state = "absent"
        if not states or states[-1] != state:
            states.append(state)
        if state in ("SUCCESS", "FAIL", "NONE"):
            break
        time.sleep(0.02)
    step.show("update.states", states)
    for _ in range(100):
        step.advance(10)
        try:
            version = proxy.getVersion()
            break
        except Exception:
            time.sleep(0.02)
    step("firmware.after", proxy.getVersion)
    step("update.history", lambda: proxy.getUpdateHistory()[-1])
