#!/usr/bin/env bash
# Make a virtual environment with a pip that knows dependency groups: make_venv.sh DIR. A working one is not changed.
#
# Debian and Ubuntu ship `python3 -m venv` without ensurepip (it comes with python3-venv), so that it fails halfway. Then
# virtualenv is tried, which brings its own pip; if that is missing too, the script prints the command that fixes it.
set -euo pipefail

dir=${1:?usage: make_venv.sh DIR}
log=$(mktemp)
trap 'rm -f "$log"' EXIT

recent_enough='import sys; sys.exit(sys.version_info < (3, 11))'
# Dependency groups came with pip 25.1.
pip_recent_enough='import pip, sys; sys.exit(tuple(map(int, pip.__version__.split(".")[:2])) < (25, 1))'

find_python() {
    local name
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3.14 python3 python; do
        if command -v "$name" >/dev/null && "$name" -c "$recent_enough" 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

make_environment() {
    local python=$1
    "$python" -m venv "$dir" >"$log" 2>&1 && return
    rm -rf "$dir"
    if "$python" -m virtualenv --version >/dev/null 2>&1; then
        "$python" -m virtualenv "$dir" >"$log" 2>&1 && return
    elif command -v virtualenv >/dev/null; then
        virtualenv --python "$python" "$dir" >"$log" 2>&1 && return
    fi
    rm -rf "$dir"
    return 1
}

if ! "$dir/bin/python" -m pip --version >/dev/null 2>&1; then
    if ! python=$(find_python); then
        echo "Python 3.11 or later is needed and was not found. On Debian or Ubuntu:" >&2
        echo "    sudo apt-get install -y python3 python3-venv" >&2
        exit 3
    fi
    if [[ -e $dir && ! -e $dir/pyvenv.cfg && -n $(ls -A "$dir") ]]; then
        echo "$dir holds something other than a virtual environment: name another directory, make VENV=DIR …" >&2
        exit 2
    fi
    rm -rf "$dir" # what is left of an environment that does not work
    if ! make_environment "$python"; then
        cat "$log" >&2
        version=$("$python" -c 'import sys; print("{}.{}".format(*sys.version_info))')
        echo "$python cannot make a virtual environment. On Debian or Ubuntu this mends it:" >&2
        echo "    sudo apt-get update && sudo apt-get install -y python3-venv python$version-venv" >&2
        exit 3
    fi
fi

if ! "$dir/bin/python" -c "$pip_recent_enough" 2>/dev/null; then
    "$dir/bin/python" -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1'
fi
