#!/usr/bin/env bash
# System packages that some tests need: Chromium with its driver and a Chinese font (browser), LibreOffice (DOC,
# WPS, ODT, RTF), PostgreSQL 15 or newer (web), Java 17 (Spark). Nothing happens where they are there, or where we
# may not install (the tests that need them then skip and say so).
set -euo pipefail
# axe-core, for the tests of the pages: from a lock that names no host, into a folder that git ignores.
browser="$(dirname "$0")/../tests/browser"
if [ ! -e "$browser/node_modules/axe-core" ]; then
    if command -v npm >/dev/null; then
        (cd "$browser" && npm ci --no-audit --no-fund --silent) || echo "axe-core could not be fetched; its tests will skip." >&2
    else
        echo "Not installed: npm. The tests with axe-core will skip." >&2
    fi
fi
need=()
command -v chromium >/dev/null || need+=(chromium)
command -v chromedriver >/dev/null || need+=(chromium-driver)
fc-list :lang=zh 2>/dev/null | grep -q . || need+=(fonts-noto-cjk fontconfig)
command -v soffice >/dev/null || need+=(libreoffice-writer)
command -v initdb >/dev/null || compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || need+=(postgresql)
command -v java >/dev/null || need+=(default-jre-headless)
[ ${#need[@]} -eq 0 ] && exit 0
if ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then
    echo "Not installed: ${need[*]}. The tests that need them will skip; as root: apt-get install ${need[*]}" >&2
    exit 0
fi
echo "Installing ${need[*]} …"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${need[@]}" >/dev/null
