#!/usr/bin/env bash
# Installs the programs that our servers are tested against, each into a place of its own below target/peers.
# Running it again changes nothing. Needs python3 with venv, and PyPI.
set -euo pipefail
cd "$(dirname "$0")/../.."

# The vendor's Python client, for the firmware whose API is in idl/.
client=raritan==4.0.20.49038
place=target/peers/raritan-4.0.20

if [ -e "$place/complete" ] && [ "$(cat "$place/complete")" = "$client" ] && "$place/bin/python" -c 'import raritan.rpc' 2>/dev/null; then
    echo "$place: already there"
    exit 0
fi

# The file `complete` comes last: what an interrupted run leaves behind is made anew.
rm -rf "$place"
mkdir -p "$place"
python3 -m venv "$place"
"$place/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$client"
"$place/bin/python" -c 'import raritan.rpc'
echo "$client" > "$place/complete"
echo "$place: $client installed"
