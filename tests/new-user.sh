#!/usr/bin/env bash
# The way of a new user, in an empty directory and with nothing of this project but its packages as `cargo package` makes them:
# a factory device is reached, its certificate is pinned, its password changed, its outlets are listed, and one is switched.
# What the user types next must stand in what was printed before.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
export CARGO_TERM_COLOR=never CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
# Kept between runs, for what comes from elsewhere.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$repository/target}/packages
unset XERUS_PASSWORD XERUS_USER

home=$(mktemp -d)
device=
leave() {
    [ -z "$device" ] || kill "$device" 2>/dev/null || true
    rm -rf "$home"
}
trap leave EXIT

fail() {
    printf 'error: %s\n' "$*" >&2
    [ ! -s "$home/said" ] || sed 's/^/  | /' "$home/said" >&2
    exit 1
}

# Runs a command that must end with this exit code and say each of the texts, which are not patterns.
say() {
    local code=0 expected=$1
    shift
    "$@" >"$home/said" 2>&1 <"${input:-/dev/null}" || code=$?
    [ "$code" = "$expected" ] || fail "exit code $code instead of $expected: $*"
}
with() {
    grep -qF -- "$1" "$home/said" || fail "nothing is said of: $1"
}

# What crates.io would have.
packages=(xerus-wire-id xerus-idl xerus-import xerus-codegen xerus-macros xerus-rpc xerus-api xerus-sim xerus-device xerus-discovery xerus-cli)
names=()
for package in "${packages[@]}"; do names+=(-p "$package"); done
(cd "$repository" && cargo package --quiet --no-verify --allow-dirty "${names[@]}")
mkdir -p "$home/.cargo" "$home/packages"
echo '[patch.crates-io]' >"$home/.cargo/config.toml"
for package in "${packages[@]}"; do
    # The newest, should older versions lie around.
    crate=$(find "$CARGO_TARGET_DIR/package" -maxdepth 1 -name "$package-[0-9]*.crate" -printf '%T@ %p\n' | sort -rn | head -n 1 | cut -d' ' -f2-)
    [ -n "$crate" ] || fail "$package was not packaged"
    mkdir "$home/packages/$package"
    tar -xzf "$crate" -C "$home/packages/$package" --strip-components 1
    printf '%s = { path = "%s" }\n' "$package" "$home/packages/$package" >>"$home/.cargo/config.toml"
done

# 1. The tool and a first program.
mkdir "$home/work" && cd "$home/work"
cargo install --quiet --debug --path "$home/packages/xerus-cli" --root "$home/tools"
PATH=$home/tools/bin:$PATH
cargo init --quiet --name first-day
cat >>Cargo.toml <<'END'
xerus-api = { version = "0.1", features = ["pdumodel"] }
xerus-rpc = "0.1"
tokio = { version = "1", features = ["macros", "rt"] }
END
cp "$repository/tests/new-user/main.rs" src/main.rs
cargo build --quiet

# 2. A device out of the box. Its fingerprint stands on its display, so to speak.
xerus simulate --https --factory >"$home/display" &
device=$!
for _ in $(seq 100); do
    [ "$(wc -l <"$home/display")" -ge 3 ] && break
    sleep 0.1
done
url=$(head -n 1 "$home/display")
shown=$(sed -n 's/^certificate SHA-256: //p' "$home/display")
user=$(sed -n 's/^user \(.*\), password .*/\1/p' "$home/display")
password=$(sed -n 's/^user .*, password \([^,]*\),.*/\1/p' "$home/display")
[ -n "$url" ] && [ -n "$shown" ] && [ -n "$user" ] && [ -n "$password" ] || fail "the device shows: $(cat "$home/display")"
outlet=/model/pdu/0/outlet/0

# 3. The certificate is not known; the fingerprint is told, and it is the one on the display.
say 3 xerus call "$url" "$outlet" getState
pin=$(sed -n 's/.*--pin \([0-9a-f]\{64\}\).*/\1/p' "$home/said" | head -n 1)
[ "$pin" = "$shown" ] || fail "the fingerprint is $shown, but what is told is: $pin"

# 4. It is pinned; now nobody is logged in, then the password is the one of the factory.
say 4 xerus call "$url" "$outlet" getState --pin "$pin"
with "--user NAME"
export XERUS_PASSWORD=$password
say 4 xerus call "$url" "$outlet" getState --pin "$pin" --user "$user"
with "(451)"
with "xerus call $url /auth/user/$user setAccountPassword - --user $user"
export PDU_URL=$url PDU_PIN=$pin
say 1 cargo run --quiet
with "setAccountPassword"

# 5. The password is changed, as the message says.
printf '{"password": "a better one"}' >"$home/new"
input=$home/new say 0 xerus call "$url" "/auth/user/$user" setAccountPassword - --user "$user" --pin "$pin"
with '{"_ret_":0}'
say 4 xerus call "$url" "$outlet" getState --pin "$pin" --user "$user"
with "login refused (401)"

# 6. The outlets are listed and one is switched, by the tool and by the program.
export XERUS_PASSWORD="a better one"
say 0 xerus call "$url" "$outlet" setPowerState '{"pstate": 0}' --pin "$pin" --user "$user"
say 0 cargo run --quiet
with "outlet 1: PsOff"
with "outlet 8: PsOn"
with "outlet 2 is now PsOff"

# 7. Somebody else in the place of the device gets nothing.
kill "$device"
wait "$device" 2>/dev/null || true
xerus simulate --https --factory --listen "${url#https://}" >"$home/display" &
device=$!
for _ in $(seq 100); do
    [ -s "$home/display" ] && break
    sleep 0.1
done
say 3 xerus call "$url" "$outlet" getState --pin "$pin" --user "$user"
with "it is not the pinned one"
say 1 cargo run --quiet
with "it is not the pinned one"

echo "a new user reached a factory device and switched an outlet"
