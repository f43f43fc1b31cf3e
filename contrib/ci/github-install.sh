#!/usr/bin/env bash
# Puts ipv6check on the PATH of a job: as it is, if it is there; else from the action's own source.
set -euo pipefail
if command -v ipv6check >/dev/null; then
    ipv6check --version
    exit 0
fi
place="$RUNNER_TEMP/ipv6check"
python3 -m venv "$place"
"$place/bin/python" -m pip install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH"
echo "$place/bin" >> "$GITHUB_PATH"
"$place/bin/ipv6check" --version
