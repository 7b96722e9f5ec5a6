#!/usr/bin/env bash
# Sends generated requests, valid and not, to a running demo and holds the answers against the description that the
# server gives of itself. MAGFIN_URL, MAGFIN_BIN and MAGFIN_DATA_DIR name the demo; `st` (Schemathesis) is on the PATH.
set -euo pipefail
: "${MAGFIN_URL:?the address of a running demo}" "${MAGFIN_BIN:?the program}" "${MAGFIN_DATA_DIR:?the data directory of the demo}"
# The Python of the environment in which Schemathesis is installed.
exec "$(dirname "$(command -v st)")/python" "$(dirname "$0")/schemathesis.py"
