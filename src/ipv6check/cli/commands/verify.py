"""``ipv6check verify``: whether a report file still says what the store says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Exit, Leave, run_async
from ipv6check.cli.options import DatabaseUrl, Language
from ipv6check.cli.streams import tell
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from ipv6check.model.standing import Standing
    from ipv6check.reports.comparison import Difference
    from ipv6check.reports.messages import Messages
    from ipv6check.reports.signature import Block


def verify(
    report: Annotated[Path, typer.Argument(help="A report in HTML, XLSX, PDF, Markdown, JSON, JSON lines or CSV.")],
    db: DatabaseUrl = "",
    mandate: Annotated[str, typer.Option(help="The mandate file it was counted under, if none that is shipped.")] = "",
    lang: Language = "",
) -> None:
    """Count a report again from the stored scan: exit 0 if it holds, 1 if it differs, 3 if that cannot be told."""
    from ipv6check.cli.output import chosen_language
    from ipv6check.reports.messages import Messages
    from ipv6check.settings import load_settings
    from ipv6check.wiring.reporting.verifying import Uncheckable

    settings, _ = load_settings(db=db, lang=lang)
    messages = Messages(chosen_language(settings.lang))
    octets = _read(report)
    try:
        block = _block(octets)
        standing = run_async(_count(settings.db, block, mandate))
    except Uncheckable as reason:
        tell([f"{messages.word('verify', 'uncheckable')} {reason}"])
        raise Leave(Exit.UNTRUSTWORTHY) from None
    raise Leave(_judged(block, octets, standing, messages))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Trouble(f"{path}: cannot be read: {error.strerror}") from None


def _block(octets: bytes) -> Block:
    from ipv6check.reports.comparison import Unreadable, read_block
    from ipv6check.reports.signature import Broken
    from ipv6check.wiring.reporting.verifying import Uncheckable

    try:
        block = read_block(octets)
    except (Broken, Unreadable) as error:
        raise Uncheckable(f"its signature block cannot be read: {error}") from None
    if block is None:
        raise Uncheckable("the file has no signature block of ipv6check")
    return block


async def _count(db: str, block: Block, mandate: str) -> Standing:
    from ipv6check.store.open import open_store
    from ipv6check.wiring.reporting.verifying import counted_again

    async with await open_store(db, create=False) as store:
        return await counted_again(store, block, mandate=mandate)


def _judged(block: Block, octets: bytes, standing: Standing, messages: Messages) -> int:
    """Say what was found; the exit code."""
    from ipv6check import __version__
    from ipv6check.reports.comparison import content_that_differs, figures_that_differ
    from ipv6check.reports.signature import history_of

    say = messages.word
    tell(f"{label}: {value}" for label, value in _shown(block, messages))
    figures = figures_that_differ(block, standing)
    if figures:
        tell([say("verify", "figures-differ"), *_told(figures, messages)])
        return Exit.FINDINGS
    if block.tool_version != __version__:
        tell([f"{say('verify', 'other-release')} ipv6check {block.tool_version}"])
        return Exit.UNTRUSTWORTHY
    content = list(content_that_differs(block, octets, standing))
    if content and block.history != history_of(standing):
        tell([say("verify", "other-history"), *_told(content, messages)])
        return Exit.UNTRUSTWORTHY
    if content:
        tell([say("verify", "content-differs"), *_told(content, messages)])
        return Exit.FINDINGS
    tell([say("verify", "holds")])
    return Exit.GOOD


def _shown(block: Block, messages: Messages) -> list[tuple[str, str]]:
    from ipv6check.reports.signature import shown

    return shown(block, messages)


def _told(differences: list[Difference], messages: Messages) -> list[str]:
    """A line for each difference, up to a screenful."""
    from ipv6check.reports.comparison import SHOWN

    say = messages.word
    lines = []
    for one in differences[:SHOWN]:
        parts = [f"  {say('verify', one.kind)} {one.where}"]
        parts += [f"{say('verify', 'written')} {one.written}"] if one.written else []
        parts += [f"{say('verify', 'counted')} {one.counted}"] if one.counted else []
        lines.append("; ".join(parts))
    if len(differences) > SHOWN:
        lines.append(f"  … {len(differences) - SHOWN}")
    return lines
