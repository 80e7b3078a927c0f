"""Changes the description of a unit over HTTP, with nothing but Python: a client that is not ours.

    save.py URL TEXT PASSWORD [--patient]

Without --patient it polls as the vendor explains it: it stops at whatever is not "in progress". With it, it waits for a unit that is
away and logs in again. Prints what became of it and ends with 0 (saved), 3 (saved, with something beside it), 4 (refused or failed),
5 (not in time) or 6 (could not go on).
"""
import http.client
import json
import sys
import time
import urllib.error
import urllib.request

WAITING = {"rpc_async_action_in_progress", "rpc_temporarily_unavailable"}


class Unit:
    def __init__(self, url, password):
        self.url = url
        self.password = password
        self.key = None

    def post(self, script, document):
        headers = {"Content-Type": "application/json"}
        if self.key is not None:
            headers["apikey"] = self.key
        data = json.dumps(document).encode("utf-8")
        request = urllib.request.Request(f"{self.url}/cgi-bin/{script}", data, headers)
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def log_in(self):
        self.key = None
        self.key = self.post("login.cgi", {"username": "admin", "password": self.password})["token"]

    def call(self, method, **params):
        return self.post("rpc.cgi", {"method": method, "params": params})


def check(unit, session, patient):
    """The answer to one check, or None when nobody could give one."""
    try:
        return unit.call("settings_save_reconnect", session_id=session)
    except urllib.error.HTTPError as status:
        if not patient or status.code not in (401, 500, 502, 503, 504):
            raise
        if status.code == 401:
            unit.log_in()
            return unit.call("settings_save_reconnect", session_id=session)
    except (OSError, ValueError, http.client.HTTPException):
        if not patient:
            raise
    return None


def save(unit, text, patient):
    unit.log_in()
    config = unit.call("settings_get")["result"]["config_data"]
    config["main"]["RR_StationDesc"] = text
    answer = unit.call("settings_save_init", config_data=config)
    told = answer.get("result", {})
    if "session_id" not in told:
        print("not begun", answer["error"]["code"])
        return 4
    end = time.monotonic() + told["timeout"]
    interval = told["interval"]
    time.sleep(told["delay"])
    while time.monotonic() < end:
        answer = check(unit, told["session_id"], patient)
        if answer is not None:
            code = answer.get("error", {}).get("code")
            if code is None:
                print("saved", answer["result"]["config_data"]["main"]["RR_StationDesc"])
                return 0
            if patient and code == "async_action_end_minor":
                print("saved, but", code)
                return 3
            if code not in WAITING or (code == "rpc_temporarily_unavailable" and not patient):
                print("failed", code, "with a result" if "result" in answer else "")
                return 4
        time.sleep(interval)
        interval += told.get("interval_increase", 0)
    print("not in time")
    return 5


def main():
    url, text, password = sys.argv[1:4]
    try:
        status = save(Unit(url, password), text, "--patient" in sys.argv)
    except (OSError, ValueError, KeyError, http.client.HTTPException) as fault:
        print("cannot go on:", fault)
        status = 6
    sys.exit(status)


main()
