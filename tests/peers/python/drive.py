"""Drives the vendor's Python client against a device and prints what it got.

    XERUS_PASSWORD=… drive.py http|https HOST:PORT USER

One line of JSON per step: {"step": NAME, "value": …}. Values are what the client made of the answers, turned back into
plain JSON; the caller compares them with what the device knows. An exception ends the run with its traceback.
"""

import json
import os
import sys

from raritan.rpc import (
    Agent,
    BulkRequestHelper,
    Enumeration,
    HttpException,
    Interface,
    JsonRpcErrorException,
    Structure,
    Time,
    ValueObject,
    perform_bulk,
)
from raritan.rpc import event, firmware, idl, jsonrpc, pdumodel, sensors, session


def plain(value):
    """The JSON of a decoded value, as IDL marshalling defines it."""
    if isinstance(value, Interface):
        return {"rid": value.target, "type": value.idlType}
    if isinstance(value, ValueObject):
        return {"type": value.idlType, "value": {name: plain(getattr(value, name)) for name in value.listElements()}}
    if isinstance(value, Structure):
        return {name: plain(getattr(value, name)) for name in value.elements}
    if isinstance(value, Enumeration):
        return value.val
    if isinstance(value, Time):
        return value.encode()
    if isinstance(value, dict):
        return [{"key": plain(key), "value": plain(item)} for key, item in sorted(value.items())]
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def show(step, value):
    print(json.dumps({"step": step, "value": plain(value)}), flush=True)


def refusal(call):
    """What a call is refused with."""
    try:
        call()
    except (HttpException, JsonRpcErrorException) as error:
        return "%s: %s" % (type(error).__name__, str(error).splitlines()[0])
    return None


def read_device(pdu):
    show("pdu.meta_data", pdu.getMetaData())
    show("pdu.nameplate", pdu.getNameplate())
    show("pdu.settings", pdu.getSettings())
    found = pdu.getSensors()
    show("pdu.sensors", found)
    show("pdu.active_energy", found.activeEnergy.getReading())
    show("pdu.power_supply", [sensor.getState() for sensor in found.powerSupplyStatus])
    show("pdu.controllers", pdu.getControllers())
    show("pdu.statistic", pdu.getStatistic())


def read_outlets(outlets):
    show("outlets", outlets)
    for index, outlet in enumerate(outlets):
        show("outlet.%d.meta_data" % index, outlet.getMetaData())
        show("outlet.%d.settings" % index, outlet.getSettings())
        show("outlet.%d.state" % index, outlet.getState())
        found = outlet.getSensors()
        show("outlet.%d.sensors" % index, found)
        show("outlet.%d.outlet_state" % index, found.outletState.getState())
        show("outlet.%d.current" % index, found.current.getReading())
    inlet, protector, poles = outlets[0].getIOP()
    show("outlet.0.iop", [inlet, protector, poles])


def read_inlets(inlets):
    show("inlets", inlets)
    for index, inlet in enumerate(inlets):
        show("inlet.%d.meta_data" % index, inlet.getMetaData())
        show("inlet.%d.settings" % index, inlet.getSettings())
        show("inlet.%d.enabled" % index, inlet.isEnabled())
        found = inlet.getSensors()
        show("inlet.%d.sensors" % index, found)
        show("inlet.%d.residual_current_status" % index, found.residualCurrentStatus.getState())
        poles = inlet.getPoles()
        show("inlet.%d.poles" % index, poles)
        show("inlet.%d.pole_currents" % index, [pole.current.getReading() for pole in poles])


def read_protectors(protectors):
    show("ocps", protectors)
    for index, protector in enumerate(protectors):
        show("ocp.%d.meta_data" % index, protector.getMetaData())
        show("ocp.%d.settings" % index, protector.getSettings())
        found = protector.getSensors()
        show("ocp.%d.sensors" % index, found)
        show("ocp.%d.trip" % index, found.trip.getState())
        show("ocp.%d.poles" % index, protector.getPoles())
        show("ocp.%d.inlet" % index, protector.getInlet())


def read_sensor(name, sensor):
    show("%s.type" % name, sensor.getTypeSpec())
    show("%s.meta_data" % name, sensor.getMetaData())
    show("%s.thresholds" % name, sensor.getThresholds())
    show("%s.reading" % name, sensor.getReading())
    show("%s.extremes" % name, sensor.getMinMax())


def read_peripherals(manager):
    slots = manager.getDeviceSlots()
    show("slots", slots)
    for index, slot in enumerate(slots):
        show("slot.%d.settings" % index, slot.getSettings())
        device = slot.getDevice()
        show("slot.%d.device" % index, device)
        if device:
            show("slot.%d.reading" % index, device.device.getReading())
    show("manager.settings", manager.getSettings())
    show("manager.devices", manager.getDiscoveredDevices())


def change(outlets):
    """Settings, thresholds, power."""
    settings = outlets[1].getSettings()
    settings.name = "driven \u00fc \U0001f50c"
    settings.cycleDelay = 7
    settings.startupState = pdumodel.Outlet.StartupState.SS_LASTKNOWN
    show("outlet.1.set_settings", outlets[1].setSettings(settings))
    show("outlet.1.new_settings", outlets[1].getSettings())

    voltage = outlets[0].getSensors().voltage
    thresholds = voltage.getThresholds()
    thresholds.upperWarningActive = True
    thresholds.upperWarning = 100.0
    show("voltage.set_thresholds", voltage.setThresholds(thresholds))
    show("voltage.new_thresholds", voltage.getThresholds())
    show("voltage.warned_reading", voltage.getReading())
    thresholds.upperWarning = 1e9
    show("voltage.bad_thresholds", voltage.setThresholds(thresholds))

    show("outlet.2.set_power_state", outlets[2].setPowerState(pdumodel.Outlet.PowerState.PS_OFF))
    show("outlet.2.new_state", outlets[2].getState())
    show("outlet.2.new_current", outlets[2].getSensors().current.getReading())


def change_device(pdu):
    settings = pdu.getSettings()
    settings.name = "driven"
    settings.outletPowerStateSequence = list(reversed(settings.outletPowerStateSequence))
    show("pdu.set_settings", pdu.setSettings(settings))
    show("pdu.new_settings", pdu.getSettings())


def watch(agent, outlets):
    """Events of a switched outlet, demanded by type, by source and by base type."""
    service = event.Service("/eventservice", agent)
    by_type, by_source, by_base = (service.createChannel() for _ in range(3))
    by_type.demandEventTypes([pdumodel.Outlet.StateChangedEvent, sensors.StateSensor.StateChangedEvent])
    by_source.demandEvent(idl.Event, outlets[3])
    by_base.demandEventType(event.UserEvent)
    show("outlet.3.set_power_state", outlets[3].setPowerState(pdumodel.Outlet.PowerState.PS_OFF))
    show("events.by_type", by_type.pollEvents())
    show("events.by_source", by_source.pollEvents())
    show("events.by_base", by_base.pollEventsNb())
    show("events.none", by_type.pollEventsNb())
    show("events.destroyed", service.destroyChannel(by_type))
    show("events.destroyed_again", service.destroyChannel(by_type))
    show("events.after", refusal(by_type.pollEventsNb))


def bulk(agent, pdu, outlets):
    helper = BulkRequestHelper(agent)
    for outlet in outlets:
        helper.add_request(outlet.getState)
    helper.add_request(pdu.getMetaData)
    helper.add_request(outlets[0].setPowerState, pdumodel.Outlet.PowerState.PS_ON)
    helper.add_request(pdu.cancelOutletSequence)
    helper.add_request(pdumodel.Outlet("/model/pdu/0/outlet/999", agent).getState)
    helper.add_request(pdumodel.Inlet(outlets[0].target, agent).getLinePairs)
    answers = helper.perform_bulk()
    failed = [isinstance(answer, Exception) for answer in answers]
    show("bulk.failed", failed)
    show("bulk.states", answers[: len(outlets)])
    show("bulk.others", answers[len(outlets) : -2])
    show("bulk.errors", ["%s: %s" % (type(answer).__name__, str(answer).splitlines()[0]) for answer in answers[-2:]])
    show("bulk.function", perform_bulk(agent, [(outlet.getSettings, []) for outlet in outlets]))


def log_in(agent, user, password):
    manager = session.SessionManager("/session", agent)
    code, opened, token = manager.newSession()
    show("session.new", [code, opened, len(token)])
    agent.set_auth_token(token)
    show("session.current", manager.getCurrentSession())
    show("session.all", manager.getSessions())
    show("session.version", firmware.Firmware("/firmware", agent).getVersion())
    manager.closeCurrentSession(session.SessionManager.CloseReason.CLOSE_REASON_LOGOUT)
    show("session.after", refusal(manager.getSessions))
    agent.set_auth_basic(user, password)


def main():
    scheme, host, user = sys.argv[1:]
    password = os.environ["XERUS_PASSWORD"]
    agent = Agent(scheme, host, user, password, disable_certificate_verification=True, timeout=60)
    pdu = pdumodel.Pdu("/model/pdu/0", agent)
    outlets = pdu.getOutlets()

    read_device(pdu)
    read_outlets(outlets)
    read_inlets(pdu.getInlets())
    read_protectors(pdu.getOverCurrentProtectors())
    read_sensor("voltage", outlets[0].getSensors().voltage)
    read_sensor("energy", outlets[0].getSensors().activeEnergy)
    read_peripherals(pdu.getPeripheralDeviceManager())
    show("firmware", firmware.Firmware("/firmware", agent).getVersion())
    show("image", firmware.Firmware("/firmware", agent).getImageInfo())
    show("lookup", jsonrpc.NameService("/ns", agent).lookup("/model/pdu/0/outlet/0"))
    bulk(agent, pdu, outlets)
    change(outlets)
    change_device(pdu)
    watch(agent, outlets)
    log_in(agent, user, password)
    show("unknown_rid", refusal(pdumodel.Outlet("/model/pdu/0/outlet/999", agent).getState))
    show("unknown_method", refusal(pdumodel.Inlet(outlets[0].target, agent).getLinePairs))
    show("wrong_password", refusal(pdumodel.Pdu("/model/pdu/0", Agent(scheme, host, user, "no", disable_certificate_verification=True)).getMetaData))


if __name__ == "__main__":
    main()
