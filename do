#!/bin/sh
# Everything one does with this tree. It keeps its environment in .venv and writes nowhere else outside ./var.
set -eu
cd "$(dirname "$0")"

venv=.venv

say() { printf '%s\n' "do: $*" >&2; }
die() { say "$*"; exit 1; }

help() {
    cat <<'TEXT'
./do demo     set everything up and play the story: grant, open, revoke, refused, receipt
./do serve    start the server on ./var/rekey (or $REKEY_DATA), made on first use; takes the options of rekey serve
./do setup    only make the environment; then .venv/bin/rekey is the program
./do test     every test, after ./do check; takes the options of pytest
./do check    format, lint, types, import rule and the rules of the house
./do soak     the tests that run for minutes
./do bench    the measurements of docs/performance.md
./do lock     write requirements/ anew from pyproject.toml (needs uv; --upgrade for newer versions)
TEXT
}

find_python() {
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s\n' "$name"
            return
        fi
    done
    die "Python 3.11 or newer is needed. Install it, or name one: PYTHON=/path/to/python3 ./do setup"
}

make_venv() {
    python=$(find_python)
    say "making $venv with $($python --version)"
    if ! $python -c 'import ensurepip, venv' 2>/dev/null; then
        # Debian keeps this part of Python in a package of its own.
        packages python3-venv
    fi
    $python -m venv "$venv"
}

# install GROUP: what requirements/GROUP.txt pins, and the project itself, unless that has been done.
install() {
    stamp=$venv/.installed-$1
    # The path counts, since an environment that was moved no longer works.
    want=$(cat "requirements/$1.txt" pyproject.toml | cksum)$(pwd)
    if [ -x "$venv/bin/rekey" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$want" ]; then
        return
    fi
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || make_venv
    say "installing the packages of requirements/$1.txt"
    pip_install --require-hashes --requirement "requirements/$1.txt"
    # The build backend is pinned too, so nothing is fetched here.
    pip_install --no-deps --no-build-isolation --editable .
    printf '%s' "$want" >"$stamp"
}

pip_install() { "$venv/bin/python" -m pip install -qq --disable-pip-version-check "$@"; }

# packages NAME...: install Debian packages where that is allowed, else name them and stop.
packages() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        say "installing Debian packages: $*"
        export DEBIAN_FRONTEND=noninteractive
        if apt-get update -qq >&2 && apt-get install -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$@" >&2; then
            return
        fi
    fi
    die "missing on this machine; install these Debian packages, or what holds the same programs: $*"
}

# The tests use the real server and, for the pages they follow word by word, the tools of those pages.
system_parts() {
    missing=""
    found=$(command -v initdb || ls /usr/lib/postgresql/*/bin/initdb 2>/dev/null || true)
    [ -n "$found" ] || missing="$missing postgresql"
    command -v uuidgen >/dev/null || missing="$missing uuid-runtime"
    for tool in openssl curl jq; do
        command -v "$tool" >/dev/null || missing="$missing $tool"
    done
    # One word for each package.
    # shellcheck disable=SC2086
    [ -z "$missing" ] || packages $missing
}

# What runs the official Doordeck SDK, a library for Windows: 160 MB to fetch and 1 GB on the disk, hence only for `soak`.
foreign_parts() {
    missing=""
    command -v wine64 >/dev/null || [ -x /usr/lib/wine/wine64 ] || missing="$missing wine64"
    command -v x86_64-w64-mingw32-gcc >/dev/null || missing="$missing gcc-mingw-w64-x86-64-win32"
    # One word for each package.
    # shellcheck disable=SC2086
    [ -z "$missing" ] || packages $missing
}

check() {
    install dev
    say "format and lint"
    "$venv/bin/ruff" format --quiet --check .
    "$venv/bin/ruff" check --quiet .
    say "types"
    "$venv/bin/mypy" --no-error-summary
    say "import rule"
    "$venv/bin/lint-imports" --no-cache >"$venv/lint-imports.log" || { cat "$venv/lint-imports.log"; exit 1; }
    say "rules of the house"
    run_pytest --quiet tests/architecture
}

run_pytest() { "$venv/bin/python" -m pytest "$@"; }

run_tests() {
    system_parts
    check
    say "tests"
    run_pytest -n 2 "$@"
}

soak() {
    system_parts
    foreign_parts
    install dev
    run_pytest -m soak "$@"
}

bench() {
    install bench
    exec "$venv/bin/python" -m benchmarks "$@"
}

demo() {
    install run
    exec "$venv/bin/rekey" demo "$@"
}

serve() {
    install run
    data=${REKEY_DATA:-var/rekey}
    if [ -z "$(ls -A "$data" 2>/dev/null)" ]; then
        say "making a new store in $data"
        "$venv/bin/rekey" init --data "$data"
    fi
    exec "$venv/bin/rekey" serve --data "$data" "$@"
}

lock() {
    command -v uv >/dev/null || die "writing the requirements needs uv"
    # dev comes first, and the others take its versions.
    compile dev --group build --group dev "$@"
    compile run --group build --constraint requirements/dev.txt "$@"
    compile bench --group build --group bench --constraint requirements/dev.txt "$@"
}

compile() {
    name=$1
    shift
    uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
        --custom-compile-command "./do lock" --output-file "requirements/$name.txt" pyproject.toml "$@"
}

command=${1:-help}
[ $# -eq 0 ] || shift
case $command in
    setup) install run ;;
    demo) demo "$@" ;;
    serve) serve "$@" ;;
    test) run_tests "$@" ;;
    check) check ;;
    soak) soak "$@" ;;
    bench) bench "$@" ;;
    lock) lock "$@" ;;
    help | -h | --help) help ;;
    *) help && die "no such command: $command" ;;
esac
