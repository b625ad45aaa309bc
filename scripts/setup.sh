#!/usr/bin/env bash
# Makes the virtual environment: a current pip, everything pinned by hash from the lock, this package, warm kernels.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=${1:-.venv}
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Luoshi needs Python 3.11 or newer; $python is $("$python" --version). Set PYTHON=/path/to/python3.11" >&2
    exit 1
}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
export PIP_DISABLE_PIP_VERSION_CHECK=1
"$venv/bin/python" -m pip install --quiet --quiet --require-hashes -r requirements-pip.lock
"$venv/bin/python" -m pip install --quiet --quiet --require-hashes -r requirements.lock
"$venv/bin/python" -m pip install --quiet --quiet --no-deps --no-build-isolation -e .
"$venv/bin/python" -c 'from luoshi.kernels import warm; warm()'
