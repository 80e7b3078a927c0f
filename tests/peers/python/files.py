"""The functions for files of one version of the vendor's Python client, called as standard input says.

    XERUS_PASSWORD=… files.py http|https HOST:PORT USER

Each line of standard input is {"call": "MODULE.FUNCTION", "args": […], "named": {…}}; bytes among the arguments are {"bytes": BASE64}.
Each line of standard output is what came of it: {"bytes": BASE64}, {"value": …}, {"error": CLASS, "status": STATUS}, or
{"lacks": WHAT} when this version has no such function or no such parameter.
"""

import base64
import importlib
import inspect
import json
import os
import re
import sys

from raritan.rpc import Agent

# What the oldest version calls otherwise.
OLDER = {
    "rawcfg.download": "download_rawcfg",
    "bulkcfg.download": "download_bulkcfg",
    "diag.download": "download_diag",
}


def store(agent, name, source, arguments):
    """A script; the client has no function for it, but the interface."""
    from raritan.rpc import luaservice

    options = luaservice.ScriptOptions(arguments, False, True)
    return luaservice.Manager("/luaservice", agent).setScript(name, source, options)


def fetch(agent, name):
    from raritan.rpc import luaservice

    code, source = luaservice.Manager("/luaservice", agent).getScript(name)
    return [code, source]


def find(name):
    module, function = name.split(".")
    if module == "luaservice":
        return {"store": store, "fetch": fetch}[function]
    module = importlib.import_module("raritan.rpc." + module)
    return getattr(module, function, None) or getattr(module, OLDER.get(name, ""), None)


def argument(value):
    if isinstance(value, dict) and set(value) == {"bytes"}:
        return base64.b64decode(value["bytes"])
    return value


def answer(agent, request):
    function = find(request["call"])
    if function is None:
        return {"lacks": request["call"]}
    arguments = [argument(value) for value in request["args"]]
    try:
        inspect.signature(function).bind(agent, *arguments, **request["named"])
    except TypeError as error:
        return {"lacks": str(error)}
    try:
        value = function(agent, *arguments, **request["named"])
    except Exception as error:
        status = re.search(r"HTTP Error (\d+)", str(error))
        return {"error": type(error).__name__, "status": status and int(status.group(1)), "text": str(error)}
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    return {"value": value}


def main():
    scheme, host, user = sys.argv[1:4]
    agent = Agent(scheme, host, user, os.environ["XERUS_PASSWORD"], disable_certificate_verification=True, timeout=60)
    for line in sys.stdin:
        print(json.dumps(answer(agent, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
