"""Steps of a run: calls whose outcome is printed, see drive.py."""

import contextlib
import json
import os
import re
import sys
import time

from raritan.rpc import Agent, Enumeration, Interface, Structure, Time, ValueObject, pdumodel


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
    if isinstance(value, Exception):
        return describe(value)
    if isinstance(value, dict):
        return [{"key": plain(key), "value": plain(item)} for key, item in sorted(value.items())]
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value


def describe(error):
    """An exception: its class and text, and what the client was decoding or calling when it was raised."""
    text = str(error).split("\n")[0]
    described = {"class": type(error).__name__, "text": text}
    for name, pattern in (("status", r"HTTP Error (\d+)"), ("code", r"code = (-?\d+)")):
        found = re.search(pattern, text)
        if found:
            described[name] = int(found.group(1))
    frame = error.__traceback__
    while frame is not None:
        names = frame.tb_frame.f_locals
        method = names.get("self")
        if isinstance(method, Interface.Method):
            described["method"] = method.name
            described["interface"] = method.parent.idlType
        for owner in (names.get("cls"), names.get("self")):
            if hasattr(owner, "idlType") and hasattr(owner, "decode") and not isinstance(owner, Interface.Method):
                described["type"] = owner.idlType
        frame = frame.tb_next
    return described


def say(**what):
    """Tells the caller, and waits until it has looked at the device."""
    print(json.dumps(what), flush=True)
    sys.stdin.readline()


class Without(Exception):
    """An earlier step, which has failed and said so, would have given what is needed now."""


class Steps:
    def __init__(self, area):
        self.area = area

    def __call__(self, name, call, *arguments):
        """A step; what the call returned, `None` if it failed."""
        try:
            value = call(*arguments)
            self.show(name, value)
            return value
        except Exception as error:
            say(area=self.area, step=name, error=describe(error))
            return None

    def need(self, name, call, *arguments):
        """A step that the rest of the block cannot do without."""
        value = self(name, call, *arguments)
        if value is None:
            raise Without
        return value

    def show(self, name, value):
        say(area=self.area, step=name, value=plain(value))

    def lacks(self, what):
        say(area=self.area, lacks=what)

    def advance(self, seconds):
        say(advance=seconds)

    def until(self, name, wanted, call):
        """A step that gives the wanted value soon: time has passed on the device, which now does its work."""
        for _ in range(200):
            if call() == wanted:
                break
            time.sleep(0.01)
        return self(name, call)

    @contextlib.contextmanager
    def block(self, name):
        """Steps that stand and fall together; the failure of one does not end the area."""
        try:
            yield
        except Without:
            pass
        except Exception as error:
            say(area=self.area, step=name, error=describe(error))

    def whole_area(self):
        return self.block("area")


class Device:
    """How to reach the device, and the objects that nearly every area begins with."""

    def __init__(self, scheme, host, user, password):
        self.scheme, self.host, self.user, self.password = scheme, host, user, password
        # Whether the device has the API that this client was made for.
        self.fits = os.environ.get("XERUS_FITS") == "yes"
        self.agent = self.connect(user, password)
        self.pdu = pdumodel.Pdu("/model/pdu/0", self.agent)

    def connect(self, user, password):
        return Agent(self.scheme, self.host, user, password, disable_certificate_verification=True, timeout=60)

    def outlets(self):
        return self.pdu.getOutlets()
