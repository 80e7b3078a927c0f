"""The events of a switched outlet, demanded by type, by source and by base type."""

from raritan.rpc import event, idl, pdumodel, sensors


def drive(step, device):
    outlet = device.outlets()[3]
    service = event.Service("/eventservice", device.agent)
    by_type, by_source, by_base = (service.createChannel() for _ in range(3))
    step("events.demand_types", by_type.demandEventTypes, [pdumodel.Outlet.StateChangedEvent, sensors.StateSensor.StateChangedEvent])
    step("events.demand_source", by_source.demandEvent, idl.Event, outlet)
    step("events.demand_base", by_base.demandEventType, event.UserEvent)
    step("outlet.3.set_power_state", outlet.setPowerState, pdumodel.Outlet.PowerState.PS_OFF)
    # What a device of another firmware makes of these types is not known: it is not waited for.
    step("events.by_type", by_type.pollEvents if device.fits else by_type.pollEventsNb)
    step("events.by_source", by_source.pollEvents)
    step("events.by_base", by_base.pollEventsNb)
    step("events.none", by_type.pollEventsNb)
    step("events.destroyed", service.destroyChannel, by_type)
    step("events.destroyed_again", service.destroyChannel, by_type)
    step("events.after", by_type.pollEventsNb)
