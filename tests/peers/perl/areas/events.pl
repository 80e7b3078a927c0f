# The events of a switched outlet, demanded by type, by source and by base type.
sub {
    my ($s, $device) = @_;
    my $outlet = $device->outlets->[3];
    my $sensor = $outlet->getSensors->{outletState};
    my $service = $device->proxy('/eventservice', 'event.Service');
    my ($by_type, $by_source, $by_base) = map { $service->createChannel } 1 .. 3;
    my @types = map { my $class = ref($_) . '::StateChangedEvent'; $class->typeId } $outlet, $sensor;
    my $poll = sub { my ($channel, $how) = @_; my $more = $channel->$how(\my $events); [$more, $events] };
    $s->step('events.demand_types', sub { $by_type->demandEventTypes(\@types); undef });
    $s->step('events.demand_source', sub { $by_source->demandEvent('idl.Event:1.0.0', $outlet); undef });
    $s->step('events.demand_base', sub { $by_base->demandEventType('event.UserEvent:1.0.0'); undef });
    $s->step('outlet.3.set_power_state', sub { $outlet->setPowerState(0) });
    $s->step('events.by_type', sub { $poll->($by_type, $device->{fits} ? 'pollEvents' : 'pollEventsNb') });
    $s->step('events.by_source', sub { $poll->($by_source, 'pollEvents') });
    $s->step('events.by_base', sub { $poll->($by_base, 'pollEventsNb') });
    $s->step('events.none', sub { $poll->($by_type, 'pollEventsNb') });
    $s->step('events.destroyed', sub { $service->destroyChannel($by_type) });
    $s->step('events.destroyed_again', sub { $service->destroyChannel($by_type) });
    $s->step('events.after', sub { $poll->($by_type, 'pollEventsNb') });
}
