"""Many calls in one request."""

from raritan.rpc import BulkRequestHelper, pdumodel


def drive(step, device):
    agent, pdu = device.agent, device.pdu
    outlets = device.outlets()
    helper = BulkRequestHelper(agent)
    for outlet in outlets:
        helper.add_request(outlet.getSettings)
    helper.add_request(pdu.getNameplate)
    helper.add_request(outlets[0].setPowerState, pdumodel.Outlet.PowerState.PS_ON)
    helper.add_request(pdu.cancelOutletSequence)
    helper.add_request(pdumodel.Outlet("/model/pdu/0/outlet/999", agent).getState)
    helper.add_request(pdumodel.Inlet(outlets[0].target, agent).getPoles)
    answers = helper.perform_bulk()
    step.show("bulk.names", [answer.name for answer in answers[: len(outlets)]])
    step.show("bulk.failed", [isinstance(answer, Exception) for answer in answers])
