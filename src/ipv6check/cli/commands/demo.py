"""``ipv6check demo``: a whole small province on loopback, scanned for real."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ipv6check.cli.exits import Exit, Leave, run_async
from ipv6check.cli.options import Language
from ipv6check.cli.wording import several
from ipv6check.model.trouble import Trouble


def demo(
    folder: Annotated[Path, typer.Option(help="Where inventory, database and reports are written.")] = Path(
        "ipv6check-demo"
    ),
    lang: Language = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")] = False,
) -> None:
    """Start a province of real DNS, TLS and HTTP servers on loopback, scan it, and check every verdict."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Trouble(f"{folder}: cannot be made: {error.strerror}") from None
    raise Leave(run_async(_demo(folder, lang, quiet=quiet)))


async def _demo(folder: Path, lang: str, *, quiet: bool) -> int:
    from ipv6check.cli.output import emit
    from ipv6check.cli.progress import ProgressLine
    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store
    from ipv6check.wiring.demonstration import deviations, run_demo
    from ipv6check.wiring.inputs import read_mandate
    from ipv6check.wiring.reporting.counting import standing_of

    settings, _ = load_settings(lang=lang)
    database = folder / "demo.db"
    store = await open_store(f"sqlite:///{database}")
    try:
        with ProgressLine(quiet=quiet) as line:
            progress = await run_demo(folder, store, settings, line)
        assert progress.scan is not None
        if progress.signal:
            return 128 + progress.signal
        standing = await standing_of(store, progress.scan, read_mandate(settings))
        wrong = await deviations(store, progress.scan.id)
    finally:
        await store.close()
    emit(standing, format="table", output="-", language=settings.lang)
    report = folder / "report.md"
    emit(standing, format="markdown", output=str(report), language=settings.lang)
    for deviation in wrong:
        typer.echo(
            f"{deviation.asset} {deviation.rule}: {deviation.found or 'missing'}, not {deviation.expected}", err=True
        )
    typer.echo(f"inventory, database and report are in {folder}; look closer with:", err=True)
    typer.echo(f"  ipv6check show app-refused --db sqlite:///{database}", err=True)
    if wrong:
        typer.echo(
            f"{several(len(wrong), 'verdict differs', 'verdicts differ')} from the truth of the demo's world", err=True
        )
        return Exit.FINDINGS
    typer.echo(f"every verdict on {progress.judged} assets equals the truth of the demo's world", err=True)
    return Exit.GOOD
