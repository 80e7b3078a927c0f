"""The agent of the programs: HOST USER on the command line, the password in XERUS_PASSWORD."""

import os
import sys

from raritan import rpc


def agent():
    host, user = sys.argv[1:3]
    return rpc.Agent("https", host, user, os.environ["XERUS_PASSWORD"], disable_certificate_verification=True, timeout=30)
