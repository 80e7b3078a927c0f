#!/usr/bin/env bash
# Installs the programs that our servers are tested against: the vendor's Python clients each into a place of its own below
# target/peers, a router of WAMP with its Python library there, too, the Perl client and a browser with Debian's package manager. Running it again changes nothing.
# Needs python3 with venv, PyPI, and for the rest apt-get and root.
# Without arguments all are installed; `tests/peers/install.sh crossbar` installs only what is named.
set -euo pipefail
cd "$(dirname "$0")/../.."

# A client for each firmware whose API is in idl/, and the one before the newest.
versions=(4.4.1.53217 4.3.0.51180 4.0.20.49038 3.6.0.46486)

python_client() {
    local version=$1 client=raritan==$1 place=target/peers/raritan-$1
    if [ -e "$place/complete" ] && [ "$(cat "$place/complete")" = "$client" ] &&
        "$place/bin/python" -c 'import raritan.rpc' 2>/dev/null; then
        echo "$place: already there"
        return
    fi
    # The file `complete` comes last: what an interrupted run leaves behind is made anew.
    rm -rf "$place"
    mkdir -p "$place"
    python3 -m venv --without-pip "$place"
    # The pip of the system installs into it: that takes a second, a pip in each place takes several.
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --only-binary :all: \
        --target "$("$place/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" "$client"
    "$place/bin/python" -c 'import raritan.rpc'
    echo "$client" > "$place/complete"
    echo "$place: $client installed"
}

# Packages of Debian.
packages() {
    if ! command -v apt-get >/dev/null; then
        echo "not installed, there is no apt-get: $*" >&2
        return 1
    fi
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
    echo "installed: $*"
}

# The bindings of firmware 4.0.20 and all before, with their libraries.
perl_client() {
    if perl -MRaritan::RPC -e 1 2>/dev/null; then
        echo "libraritan-rpc-perl: already there"
        return
    fi
    packages libraritan-rpc-perl
    perl -MRaritan::RPC -e 1
}

# What the vendor's Python client looks for devices with.
zeroconf() {
    local packages=(zeroconf==0.148.0 ifaddr==0.2.0) place=target/peers/zeroconf
    if [ -e "$place/complete" ] && [ "$(cat "$place/complete")" = "${packages[*]}" ]; then
        echo "$place: already there"
        return
    fi
    rm -rf "$place"
    python3 -m pip install --quiet --disable-pip-version-check --root-user-action=ignore --no-deps --only-binary :all: \
        --target "$place" "${packages[@]}"
    PYTHONPATH=$place python3 -c 'import zeroconf'
    echo "${packages[*]}" > "$place/complete"
    echo "$place: ${packages[*]} installed"
}

# For the simulator's page.
browser() {
    if [ -e /usr/bin/chromium ] && [ -e /usr/bin/chromedriver ]; then
        echo "chromium: already there"
        return
    fi
    packages chromium chromium-driver
}

# The client of netstrings, with both of its modules.
kamailio_modules() {
    local modules=(kamailio kamailio-json-modules kamailio-extra-modules)
    if dpkg-query --show "${modules[@]}" >/dev/null 2>&1; then
        echo "kamailio: already there"
        return
    fi
    packages "${modules[@]}"
    kamailio -v >/dev/null
}

# A router of WAMP, and the library that it and its other clients are made with. With numpy 2 every start prints a traceback.
router() {
    local packages=(crossbar==26.10.1 autobahn==26.10.2 "numpy<2") place=target/peers/crossbar
    if [ -e "$place/complete" ] && [ "$(cat "$place/complete")" = "${packages[*]}" ] && "$place/bin/python" -c 'import crossbar'; then
        echo "$place: already there"
        return
    fi
    rm -rf "$place"
    mkdir -p "$place"
    python3 -m venv "$place"
    "$place/bin/pip" install --quiet --disable-pip-version-check "${packages[@]}"
    "$place/bin/python" -c 'import crossbar, autobahn'
    echo "${packages[*]}" > "$place/complete"
    echo "$place: ${packages[*]} installed"
}

all=(python perl browser kamailio zeroconf crossbar)
for peer in "$@"; do
    case " ${all[*]} " in
    *" $peer "*) ;;
    *)
        echo "unknown peer: $peer; there are: ${all[*]}" >&2
        exit 2
        ;;
    esac
done
[ $# -gt 0 ] || set -- "${all[@]}"
for peer in "$@"; do
    case $peer in
    python)
        for version in "${versions[@]}"; do
            python_client "$version"
        done
        ;;
    perl) perl_client ;;
    browser) browser ;;
    kamailio) kamailio_modules ;;
    zeroconf) zeroconf ;;
    crossbar) router ;;
    esac
done
