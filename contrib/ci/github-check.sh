#!/usr/bin/env bash
# The check of the composite action. Reads INPUT_*, writes annotations, summary and outputs, and leaves with the
# check's own exit code. No input is evaluated: each becomes one argument, or one a line.
set -uo pipefail

arguments=()
option() { # NAME VALUE: nothing for an empty value
    if [ -n "$2" ]; then arguments+=("$1=$2"); fi
}
lines() { # NAME TEXT: one option a line of TEXT
    while IFS= read -r line; do
        line="${line#"${line%%[![:space:]]*}"}"
        line="${line%"${line##*[![:space:]]}"}"
        option "$1" "$line"
    done <<< "$2"
}

lines --inventory "${INPUT_INVENTORY:-}"
option --changed-since "${INPUT_CHANGED_SINCE:-}"
option --require "${INPUT_REQUIRE:-}"
option --mandate "${INPUT_MANDATE:-}"
option --fail-on "${INPUT_FAIL_ON:-}"
option --baseline "${INPUT_BASELINE:-}"
option --wait "${INPUT_WAIT:-}"
if [ "${INPUT_DNS_ONLY:-false}" = true ]; then arguments+=(--dns-only); fi

annotations="$(mktemp)"
trap 'rm -f "$annotations"' EXIT
arguments+=(--format text "--format=github=$annotations")
lines --format=sarif "${INPUT_SARIF:-}"
lines --format=junit "${INPUT_JUNIT:-}"
lines --format=summary "${GITHUB_STEP_SUMMARY:-}"

while IFS= read -r line; do
    if [ -n "${line//[[:space:]]/}" ]; then arguments+=("$line"); fi
done <<< "${INPUT_ARGUMENTS:-}"

arguments+=(--)
while IFS= read -r line; do
    line="${line//[[:space:]]/}"
    if [ -n "$line" ]; then arguments+=("$line"); fi
done <<< "${INPUT_TARGETS:-}"

ipv6check check "${arguments[@]}"
code=$?
cat "$annotations"
{
    echo "exit-code=$code"
    echo "sarif=${INPUT_SARIF:-}"
    echo "junit=${INPUT_JUNIT:-}"
} >> "${GITHUB_OUTPUT:-/dev/null}"
exit "$code"
