#!/bin/sh
# build.sh DIRECTORY: fetch the vendor's library, exactly the build that requirements.txt names, and compile the harness.
# PYTHON names the Python whose pip fetches. It needs the cross compiler of Debian's gcc-mingw-w64-x86-64-win32.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=$1
mkdir -p "$target"
# The wheel asks for one release of Python on Windows; only the library within it is used.
"${PYTHON:-python3}" -m pip download --quiet --disable-pip-version-check --no-deps --ignore-requires-python \
    --require-hashes --requirement "$here/requirements.txt" --dest "$target"
"${PYTHON:-python3}" -m zipfile -e "$target"/doordeck_headless_sdk-*.whl "$target"
x86_64-w64-mingw32-gcc -O1 -Wall -Wextra -Werror -static -o "$target/harness.exe" "$here/harness.c" -lcrypt32 -lws2_32
