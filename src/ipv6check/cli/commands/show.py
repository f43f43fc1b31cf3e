"""``ipv6check show``: everything known about one asset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import run_async
from ipv6check.cli.options import DatabaseUrl, Language
from ipv6check.cli.streams import tell
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ipv6check.model.asset import Asset
    from ipv6check.model.networks import Networks
    from ipv6check.model.scan import Scan
    from ipv6check.model.standing import AssetStanding
    from ipv6check.model.verdict import Verdict
    from ipv6check.store.repository import Store

MOST = 20


def show(
    asset: Annotated[str, typer.Argument(help="Id, host or name of an asset, or a part of one.")],
    scan: Annotated[str, typer.Option(help="Id of a scan, its beginning, or latest.")] = "latest",
    db: DatabaseUrl = "",
    json: Annotated[bool, typer.Option("--json", help="One JSON object for each asset found.")] = False,
    lang: Language = "",
) -> None:
    """Show every attempt, the cause, and how to fix it."""
    run_async(_show(asset, scan, db, lang, json=json))


async def _show(text: str, name: str, db: str, lang: str, *, json: bool) -> None:
    from ipv6check.cli.output import chosen_language, width_of
    from ipv6check.policies.networks import load_networks
    from ipv6check.reports.text.as_table import hanging
    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store

    settings, _ = load_settings(db=db, lang=lang)
    language = chosen_language(settings.lang)
    networks = load_networks(settings.networks)
    width = width_of("-")
    async with await open_store(settings.db, create=False) as store:
        scan = await store.scan(name)
        revision = await store.revision_of(scan)
        found = await store.find_assets(revision.number, text, limit=MOST + 1)
        if not found:
            raise Trouble(f"scan {scan.id} has no asset like {text!r}; `ipv6check inventory show` lists an inventory's")
        verdicts = await store.verdicts(scan, [one.id for one in found])
        if await store.dropped_at(scan) is not None:
            typer.echo(f"the evidence of scan {scan.id} was dropped; its verdicts stay", err=True)
        for index, one in enumerate(found[:MOST]):
            if index and not json:
                tell(["", "─" * 60, ""])
            told = await _lines(store, scan, one, verdicts.get(one.id, ()), "" if json else language, networks)
            tell(told if json else (part for line in told for part in hanging(line, width)))
    if len(found) > MOST:
        typer.echo(f"only the first {MOST} assets like {text!r} are shown", err=True)


async def _lines(
    store: Store, scan: Scan, asset: Asset, verdicts: tuple[Verdict, ...], language: str, networks: Networks
) -> Iterable[str]:
    """Everything about one asset in ``language``; as one JSON object if that is empty."""
    from ipv6check.compliance.ladder import place_of
    from ipv6check.model.asset import asset_key, evidence_key
    from ipv6check.reports.machine.as_json import as_line
    from ipv6check.reports.text.as_detail import render

    mandate, standing = await _standing(store, scan, asset, verdicts)
    keys = [evidence_key(target, asset.view) for target in asset.targets]
    evidence = await store.evidence(scan, [*keys, asset_key(asset.id)])
    history = await store.history(asset.id, limit=10)
    if language:
        return render(asset, verdicts, evidence, history, language, networks, standing, mandate)
    whole = {
        "asset": asset,
        "scan": scan.id,
        "mandate": mandate,
        "readiness": standing.readiness if standing else None,
        "ladder": place_of(asset, verdicts),
        "verdicts": verdicts,
        "evidence": evidence,
        "history": [{"scan": one.id, "started": one.started, "verdicts": told} for one, told in history],
    }
    return [as_line(whole)]


async def _standing(
    store: Store, scan: Scan, asset: Asset, verdicts: tuple[Verdict, ...]
) -> tuple[str, AssetStanding | None]:
    """What the asset counts as in this scan alone, under the scan's mandate; nothing where that cannot be had any more
    or does not list it."""
    from datetime import UTC, datetime

    from ipv6check.checks.registry import CHECKS
    from ipv6check.compliance.deadline import today_in
    from ipv6check.compliance.standing import take_standing
    from ipv6check.settings import load_settings
    from ipv6check.wiring.inputs import read_mandate

    try:
        mandate = read_mandate(load_settings()[0], scan.mandate)
    except Trouble:
        return scan.mandate, None
    revision = await store.revision_of(scan)
    day = today_in(mandate.period, datetime.now(UTC))
    counted = take_standing(mandate, scan, revision.agencies, [(asset, verdicts)], day, checks=CHECKS, keep_assets=True)
    return mandate.id, next(iter(counted.assets), None)
