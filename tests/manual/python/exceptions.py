"""What the vendor's client raises: for each line `HOST KIND SECONDS` on standard input, a line with the name of the exception.

KIND is `single` (a call), `method` (a method that the object has not), `part` (a call in a bulk), `verify` (a call that looks at the
certificate) or `download` (a file). Nothing raised is `None`.
"""

import os
import sys

from raritan import rpc
from raritan.rpc import pdumodel


def call(host, kind, seconds):
    agent = rpc.Agent(
        "https",
        host,
        "admin",
        os.environ["XERUS_PASSWORD"],
        disable_certificate_verification=kind != "verify",
        timeout=float(seconds),
    )
    pdu = pdumodel.Pdu("/model/pdu/0", agent)
    if kind == "part":
        answers = rpc.perform_bulk(agent, [(pdu.getNameplate, []), (pdu.getSettings, [])])
        if len(answers) < 2:
            return
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
    elif kind == "method":
        pdumodel.Inlet("/model/pdu/0", agent).getPoles()
    elif kind == "download":
        agent.get("/cgi-bin/diag-data.cgi")
    else:
        pdu.getNameplate()


sys.stderr = open(os.devnull, "w")
for line in sys.stdin:
    try:
        call(*line.split())
        name = "None"
    except Exception as error:
        name = type(error).__name__
    print(name, flush=True)
