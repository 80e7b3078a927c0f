"""What one version of the vendor's Python client makes of the firmware of a device.

    XERUS_PASSWORD=… firmware.py http|https HOST:PORT USER upload FILE
    XERUS_PASSWORD=… firmware.py http|https HOST:PORT USER look

`upload` sends an image first. Standard output is one object: version, image (present, and what the device says of it), and the last update of
the history, with the names of the members as the client has them.
"""

import json
import os
import sys

from raritan.rpc import Agent, firmware

from steps import plain


def main():
    scheme, host, user, action = sys.argv[1:5]
    agent = Agent(scheme, host, user, os.environ["XERUS_PASSWORD"], disable_certificate_verification=True, timeout=60)
    if action == "upload":
        with open(sys.argv[5], "rb") as file:
            firmware.upload(agent, file.read())
    proxy = firmware.Firmware("/firmware", agent)
    present, info = proxy.getImageInfo()
    history = proxy.getUpdateHistory()
    found = {
        "version": proxy.getVersion(),
        "present": present,
        "info": plain(info),
        "last": plain(history[-1]) if history else None,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
