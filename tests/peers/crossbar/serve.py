"""Serves the procedures that our caller is tested with, with autobahn.

serve.py URL NAME [shared]: NAME is what the shared procedures answer; with `shared` nothing else is served. Prints `ready` when all
is registered, and ends when its standard input does.
"""

import asyncio
import sys

from autobahn.asyncio.component import Component, run
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.types import CallResult, RegisterOptions

URL, NAME, *MORE = sys.argv[1:]
component = Component(
    transports=[{"type": "websocket", "url": URL, "serializers": ["msgpack" if "msgpack" in MORE else "json"]}],
    realm="com.example.realm",
)


def add(x, y):
    return float(x) + float(y)


def echo(*args, **kwargs):
    return CallResult(*args, **kwargs)


def find_user(id):
    raise ApplicationError("com.example.error.no_such_user", "no user", id, code=404)


def fall_over():
    raise RuntimeError("as the test wants")


async def sleep(ms):
    await asyncio.sleep(ms / 1000)
    return ms


async def count(n, ms=0, details=None):
    for number in range(n):
        if details.progress:
            details.progress(number)
        await asyncio.sleep(ms / 1000)
    return n


def who(details=None):
    return [details.caller or 0, details.caller_authid or "", details.caller_authrole or "", details.procedure or ""]


def place(kind):
    return lambda details=None: [kind, details.procedure or ""]


PLAIN = {"add": add, "echo": echo, "find_user": find_user, "fall_over": fall_over, "sleep": sleep}
DETAILED = {
    "count": (count, "exact"),
    "who": (who, "exact"),
    "docs.read": (place("exact"), "exact"),
    "docs": (place("prefix"), "prefix"),
    "docs.old": (place("longer"), "prefix"),
    ".status": (place("wildcard"), "wildcard"),
}


@component.on_join
async def joined(session, _):
    if "shared" not in MORE:
        for name, procedure in PLAIN.items():
            await session.register(procedure, "com.example." + name)
        for name, (procedure, match) in DETAILED.items():
            options = RegisterOptions(match=match, details_arg="details")
            await session.register(procedure, "com.example." + name, options=options)
        await session.register(sleep, "com.example.two_at_once", options=RegisterOptions(concurrency=2))
    for policy in ("roundrobin", "random", "first", "last"):
        options = RegisterOptions(invoke=policy)
        await session.register(lambda: NAME, "com.example.shared." + policy, options=options)
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.read)
    session.leave()


run([component], log_level="warn")
