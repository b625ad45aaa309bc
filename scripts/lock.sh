#!/usr/bin/env bash
# Writes the locks: every dependency with its version and hashes, for Python 3.11 and later, naming no host.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(cd "${1:-.venv/bin}" && pwd)
compile() {
    "$bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-emit-find-links --no-header --no-annotate --no-config "$@"
}
compile pyproject.toml --all-extras --group dev -o requirements.lock
printf 'pip>=25\nsetuptools>=77\nwheel\n' | compile - -o requirements-pip.lock
