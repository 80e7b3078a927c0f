"""Drives one version of the vendor's Python client against a device and prints what it got.

    XERUS_PASSWORD=… XERUS_FITS=yes|no drive.py http|https HOST:PORT USER AREA…

The areas are the modules in `areas`, and are driven in the order given. Standard output has a line of JSON for each step:
{"area": AREA, "step": NAME, "value": …} with what the client made of the answers, turned back into plain JSON, or
{"area": AREA, "step": NAME, "error": {…}} with the exception. A step that fails does not hide the others.
{"area": AREA, "lacks": WHAT} says that the client has nothing for this. {"advance": SECONDS} asks for time to pass.
After each line the script waits for a line on standard input: the caller compares with the device before it goes on.
"""

import importlib
import os
import sys

from steps import Device, Steps


def main():
    scheme, host, user = sys.argv[1:4]
    device = Device(scheme, host, user, os.environ["XERUS_PASSWORD"])
    for name in sys.argv[4:]:
        steps = Steps(name)
        area = importlib.import_module("areas." + name)
        with steps.whole_area():
            area.drive(steps, device)


if __name__ == "__main__":
    main()
