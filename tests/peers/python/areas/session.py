"""Logging in and out."""

from raritan.rpc import firmware, pdumodel, session


def drive(step, device):
    agent = device.connect(device.user, device.password)
    manager = session.SessionManager("/session", agent)
    code, opened, token = manager.newSession()
    step.show("session.new", [code, opened, len(token)])
    agent.set_auth_token(token)
    step("session.current", manager.getCurrentSession)
    step("session.all", manager.getSessions)
    step("session.version", firmware.Firmware("/firmware", agent).getVersion)
    step("session.touch", manager.touchCurrentSession, True)
    step("session.close", manager.closeCurrentSession, session.SessionManager.CloseReason.CLOSE_REASON_LOGOUT)
    step("session.after", manager.getSessions)
    step("wrong_password", pdumodel.Pdu("/model/pdu/0", device.connect(device.user, "no")).getMetaData)
