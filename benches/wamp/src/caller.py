"""The caller of autobahn that ours is compared with: caller.py URL CALLS AT_ONCE prints the microseconds that a call needed, on the
clock and of the processor."""

import asyncio
import sys
import time

from autobahn.asyncio.component import Component, run

URL, CALLS, AT_ONCE = sys.argv[1], int(sys.argv[2]) // 10, int(sys.argv[3])
component = Component(transports=[{"type": "websocket", "url": URL, "serializers": ["json"]}], realm="com.example.realm")


@component.on_join
async def joined(session, _):
    left = iter(range(CALLS))

    async def caller():
        for number in left:
            assert await session.call("com.example.add", number, 1) == number + 1

    clock, processor = time.perf_counter(), time.process_time()
    await asyncio.gather(*(caller() for _ in range(AT_ONCE)))
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    print(clock / CALLS * 1e6, processor / CALLS * 1e6, flush=True)
    session.leave()


run([component], log_level="warn")
