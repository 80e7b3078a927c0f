"""A unit that is not ours: what a RipEX2 answers as far as it is documented, for our client.

    unit.py [fault …]      prints its port, and serves until its standard input ends

Faults: away (nobody listens for 2 s from the beginning of an action on), forget (sessions are gone then), unavailable (two checks are put off),
never, minor, error, lost (how the action ends), warn, busy-login (the first login gets 503).
"""
import http.server
import json
import secrets
import sys
import threading
import time

FAULTS = set(sys.argv[1:])
PASSWORD = "mock-password"
FORBIDDEN = set("\"'\\;$")


class State:
    config = {"main": {"RR_StationDesc": "python", "RR_Baudrate": 83}}
    keys = set()
    logins = 0
    action = None
    put_off = 2 if "unavailable" in FAULTS else 0
    address = ("127.0.0.1", 0)
    server = None


def error(code, **more):
    return {"error": {"code": code, "message_id": "msg_" + code, **more}}


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def begin(config):
    if len(config["main"]["RR_StationDesc"]) > 40:
        place = {"code": "validation_error", "message_id": "too_long", "seids": ["main.RR_StationDesc"]}
        return {**error("validation_error", suberrors=[place]), "result": {"config_data": config}}
    State.action = {"id": secrets.token_hex(4), "config": config, "ready": time.monotonic() + 1.2}
    threading.Thread(target=restart, daemon=True).start()
    answer = {"result": {"delay": 1, "interval": 1, "timeout": 4 if "never" in FAULTS else 20, "session_id": State.action["id"]}}
    if "warn" in FAULTS:
        answer["warnings"] = [{"code": "validation_error", "message_id": "msg_unusual_value"}]
    return answer


def restart():
    time.sleep(0.3)
    if "away" in FAULTS:
        State.server.shutdown()
        State.server.server_close()
        time.sleep(2)
    if "forget" in FAULTS:
        State.keys.clear()
    if "away" in FAULTS:
        listen()


def check(session):
    action = State.action
    if action is None or action["id"] != session or "lost" in FAULTS:
        return error("async_action_lost")
    if "never" in FAULTS or time.monotonic() < action["ready"]:
        return error("rpc_async_action_in_progress")
    if State.put_off > 0:
        State.put_off -= 1
        return error("rpc_temporarily_unavailable")
    State.config = action["config"]
    answer = {"result": {"config_data": State.config}}
    for end in ("minor", "error"):
        if end in FAULTS:
            answer.update(error("async_action_end_" + end))
    return answer


def call(method, params):
    if any(FORBIDDEN & set(text) for text in texts(params)):
        return error("rpc_invalid_parameter")
    if method == "settings_get":
        return {"result": {"config_data": State.config}}
    if method == "settings_save_init":
        return begin(params["config_data"])
    if method == "settings_save_reconnect":
        return check(params["session_id"])
    return error("rpc_method_not_found")


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, document=None):
        body = b"" if document is None else json.dumps(document).encode("utf-8")
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        script = self.path.rsplit("/", 1)[-1]
        key = self.headers.get("apikey")
        if script == "login.cgi":
            State.logins += 1
            if "busy-login" in FAULTS and State.logins == 1:
                return self.answer(503)
            if asked.get("password") != PASSWORD:
                return self.answer(400)
            State.keys.add(secrets.token_hex(16))
            return self.answer(200, {"token": max(State.keys), "role": {"name": "admin", "permission": 200}})
        if key not in State.keys:
            return self.answer(400 if script == "logout.cgi" else 401)
        if script == "logout.cgi":
            State.keys.discard(key)
            return self.answer(200, {})
        answer = call(asked["method"], asked.get("params", {}))
        return self.answer(200, {**answer, "device": {"tstamp": int(time.time())}})


def listen():
    State.server = http.server.ThreadingHTTPServer(State.address, Handler)
    State.address = State.server.server_address
    threading.Thread(target=State.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


listen()
print(State.address[1], flush=True)
sys.stdin.read()
