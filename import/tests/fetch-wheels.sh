#!/usr/bin/env bash
# Downloads the vendor's published packages that tests/wheels.rs imports, from PyPI into target/wheels (or the folder
# given). They are read by the tests, never installed or executed.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:-target/wheels}
mkdir -p "$folder"

packages=(
    raritan==3.3.0.43499
    raritan==3.4.20.44869
    raritan==3.5.20.46039
    raritan==3.6.80.48558
    raritan==4.0.20.49038
    raritan==4.1.1.49961
    raritan==4.2.20.50793
    raritan==4.3.0.51180
    raritan==4.3.15.53139
    raritan==4.4.1.53217
    xeruskvm==4.6.0.52977
)

fetch() {
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$folder" "$@"
}

for package in "${packages[@]}"; do
    wheel="$folder/${package/==/-}-py3-none-any.whl"
    [ -e "$wheel" ] || fetch --only-binary :all: "$package"
done
# One of them as a source distribution, too.
[ -e "$folder/raritan-4.4.1.53217.tar.gz" ] || fetch --no-binary :all: raritan==4.4.1.53217
