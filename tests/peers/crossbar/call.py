"""Calls what our callee serves, with autobahn, and subscribes to what it publishes.

call.py URL METHOD [AUTHID SECRET]: prints a line for each check that fails, and at the end `40 checks, 0 failed`.
"""

import asyncio
import collections
import sys

from autobahn.asyncio.component import Component, run
from autobahn.wamp.exception import ApplicationError
from autobahn.wamp.types import CallOptions, PublishOptions

URL, METHOD, *WHO = sys.argv[1:]
SECRET = {"ticket": "ticket", "wampcra": "secret", "cryptosign": "privkey"}
LOGIN = {"authid": WHO[0], SECRET[METHOD]: WHO[1]} if WHO else {}
component = Component(
    transports=[{"type": "websocket", "url": URL, "serializers": ["json"]}],
    authentication={METHOD: LOGIN},
    realm="com.example.realm",
)
outcome = []


def check(what, holds, seen=None):
    outcome.append(bool(holds))
    if not holds:
        print(f"FAILED {what}: {seen!r}", flush=True)


async def error_of(call):
    try:
        return ("none", [await call], {})
    except ApplicationError as error:
        return (error.error, list(error.args), error.kwargs)


async def plain(call):
    sum_ = await call("com.example.add", 2, 3)
    check("add", sum_ == 5, sum_)
    sum_ = await call("com.example.add", y=3, x=2)
    check("add by name", sum_ == 5, sum_)
    sum_ = await call("com.example.add", 2, y=5)
    check("add both ways", sum_ == 7, sum_)
    told = await call("com.example.echo", 1, None, "x", k={"a": [True]})
    check("results in order", list(told.results) == [1, None, "x"], told)
    check("results by name", told.kwresults == {"k": {"a": [True]}}, told)
    told = await call("com.example.echo", 2**53 + 1, -(2**63), 1e300)
    check("numbers", list(told.results) == [2**53 + 1, -(2**63), 1e300], told)
    check("no results", await call("com.example.echo") is None)
    many = await asyncio.gather(*(call("com.example.add", number, 1) for number in range(2000)))
    check("2000 at a time", many == list(range(1, 2001)), many[:5])


async def refused(call):
    told = await error_of(call("com.example.find_user", 7))
    check("error URI", told[0] == "com.example.error.no_such_user", told)
    check("error in order", told[1] == ["no user", 7], told)
    check("error by name", told[2] == {"code": 404}, told)
    told = await error_of(call("com.example.fall_over"))
    check("panic", told[0] == "wamp.error.runtime_error", told)
    check("after the panic", await call("com.example.add", 1, 1) == 2)
    for arguments in ((1,), ("one", 2), (2**40, 1)):
        told = await error_of(call("com.example.add", *arguments))
        check(f"add{arguments}", told[0] == "wamp.error.invalid_argument", told)
    told = await error_of(call("com.example.add", "one", 2))
    check("which argument", "x" in told[1][0], told)
    told = await error_of(call("com.example.nobody_here"))
    check("nobody", told[0] == "wamp.error.no_such_procedure", told)


async def timely(call, loop):
    begin = loop.time()
    told = await error_of(call("com.example.sleep", 5000, options=CallOptions(timeout=1)))
    check("time over", told[0] == "wamp.error.canceled" and loop.time() - begin < 3, told)
    await asyncio.sleep(0.3)
    seen = await call("com.example.given_up")
    check("the servant learns it", seen >= 1, seen)
    check("in time", await call("com.example.sleep", 200) == 200)


async def known(call, details):
    who = await call("com.example.who")
    check("session", who[0] == details.session, who)
    check("authid", who[1] == details.authid, who)
    check("authrole", who[2] == details.authrole, who)


async def progress(call):
    seen = []
    last = await call("com.example.count", 5, 10, options=CallOptions(on_progress=seen.append))
    check("progress", seen == [0, 1, 2, 3, 4], seen)
    check("the result after it", last == 5, last)
    check("progress unasked", await call("com.example.count", 3, 0) == 3)


async def patterns(call):
    for name, kind in (
        ("docs.read", "exact"),
        ("docs.write", "prefix"),
        ("docsystem", "prefix"),
        ("docs.old.x", "longer"),
        ("disk.status", "wildcard"),
    ):
        told = await call("com.example." + name)
        check(name, told == [kind, "com.example." + name], told)
    check("a module by one prefix", await call("com.example.headings.garden.count_beds") == 4)
    told = await error_of(call("com.example.headings.garden.nothing"))
    check("nothing behind the prefix", told[0] == "wamp.error.no_such_procedure", told)


async def shared(session, call):
    seen = collections.Counter([await call("com.example.shared.roundrobin") for _ in range(10)])
    check("roundrobin", seen == {"A": 5, "B": 5}, seen)
    seen = collections.Counter([await call("com.example.shared.last") for _ in range(10)])
    check("last", seen == {"B": 10}, seen)
    told = await error_of(session.register(lambda: 0, "com.example.add"))
    check("taken", told[0] == "wamp.error.procedure_already_exists", told)
    three = await asyncio.gather(*(error_of(call("com.example.two_at_once", 300)) for _ in range(3)))
    busy = [told[0] for told in three].count("crossbar.error.max_concurrency_reached")
    check("two at once", busy == 1, three)


async def topics(session, call):
    seen = []
    await session.subscribe(lambda *args, **kwargs: seen.append((args, kwargs)), "com.example.said")
    await call("com.example.say", "hello")
    await asyncio.sleep(0.2)
    check("published to us", seen == [(("hello",), {"loud": False})], seen)
    for number in range(3):
        options = PublishOptions(acknowledge=True)
        await session.publish("com.example.heard", number, options=options)
    await asyncio.sleep(0.2)
    heard = await call("com.example.heard_so_far")
    check("published by us", heard[-3:] == [0, 1, 2], heard)


@component.on_join
async def joined(session, details):
    call = session.call
    try:
        await plain(call)
        await refused(call)
        await timely(call, asyncio.get_running_loop())
        await known(call, details)
        await progress(call)
        await patterns(call)
        await shared(session, call)
        await topics(session, call)
    except Exception as error:  # whatever it is, it is one check that failed
        check("no surprise", False, error)
    print(f"{len(outcome)} checks, {outcome.count(False)} failed", flush=True)
    session.leave()


run([component], log_level="warn")
