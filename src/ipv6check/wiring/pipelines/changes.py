"""Which assets of an inventory changed since a git revision."""

import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from ipv6check.model.asset import Asset
from ipv6check.model.trouble import Trouble

_HUNK = re.compile(r"@@ -[0-9]+(?:,[0-9]+)? \+([0-9]+)(?:,([0-9]+))? @@")
_WHOLE = (0, 1 << 62)

Spans = list[tuple[int, int]]
"""First and last line, both included."""


def changed_since(revision: str) -> Callable[[Sequence[Asset]], Sequence[Asset]]:
    """Narrows assets to those whose lines differ between ``revision`` and the files as they are.

    An asset reaches from its line to that of the next one in its file. Where lines were only removed, the asset before
    the gap counts as changed too: better one too many.
    """

    def narrow(assets: Sequence[Asset]) -> Sequence[Asset]:
        by_file: dict[str, list[Asset]] = {}
        for asset in assets:
            if asset.origin is not None:
                by_file.setdefault(asset.origin.file, []).append(asset)
        changed: set[str] = set()
        for file, listed in by_file.items():
            changed |= _touched(listed, _changed_lines(Path(file), revision))
        return [asset for asset in assets if asset.id in changed]

    return narrow


def _touched(listed: list[Asset], spans: Spans) -> set[str]:
    """Ids of the assets of one file that a span reaches."""
    ordered = sorted((asset.origin.line, asset.id) for asset in listed if asset.origin is not None)
    found = set()
    for index, (line, asset) in enumerate(ordered):
        end = ordered[index + 1][0] - 1 if index + 1 < len(ordered) else _WHOLE[1]
        if any(first <= end and last >= line for first, last in spans):
            found.add(asset)
    return found


def _changed_lines(path: Path, revision: str) -> Spans:
    """The spans of a file that changed. A file that the revision lacks, or a binary one, changed as a whole."""
    if revision.startswith("-"):
        raise Trouble(f"--changed-since {revision}: is not a revision")
    folder = path.resolve().parent
    top = _git(folder, "rev-parse", "--show-toplevel")
    if top.returncode:
        raise Trouble(f"--changed-since: {path} is not in a git repository")
    known = _git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if known.returncode:
        raise Trouble(
            f"--changed-since {revision}: the repository of {path} has no such revision; "
            "a shallow clone lacks older ones (git fetch --unshallow)"
        )
    name = path.resolve().name
    there = _git(folder, "cat-file", "-e", f"{revision}:./{name}")
    if there.returncode:
        return [_WHOLE]
    diff = _git(folder, "diff", "--no-ext-diff", "--no-color", "--no-renames", "-U0", revision, "--", f"./{name}")
    if diff.returncode:
        raise Trouble(f"--changed-since {revision}: git cannot compare {path}: {diff.stderr.strip()}")
    if "\nBinary files " in diff.stdout or "GIT binary patch" in diff.stdout:
        return [_WHOLE]
    return spans_of(diff.stdout)


def spans_of(diff: str) -> Spans:
    """The new file's lines that a diff without context touches."""
    spans = []
    for line in diff.splitlines():
        hunk = _HUNK.match(line)
        if hunk:
            first, count = int(hunk[1]), int(hunk[2] or 1)
            spans.append((first, first + max(count, 1) - 1))
    return spans


def _git(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        raise Trouble("--changed-since: needs git, which is not installed") from None
