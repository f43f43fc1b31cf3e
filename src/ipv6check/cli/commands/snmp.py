"""``ipv6check import snmp``: read devices over SNMP into evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Exit, Leave, run_async
from ipv6check.cli.options import Agencies, DatabaseUrl, OptOutList, PolicyChoice
from ipv6check.cli.streams import tell
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ipv6check.model.asset import Asset
    from ipv6check.net.clients.snmpsource import Community, User
    from ipv6check.settings import Settings
    from ipv6check.wiring.imports.evidence_files import Imported
    from ipv6check.wiring.imports.snmp_evidence import Missed

_SHORTEST = 8
"""Characters of a secret of SNMP v3 (RFC 3414 section 11.2)."""

Reference = Annotated[str, typer.Option(metavar="REF", help="The secret, as env:NAME or file:PATH.")]


def snmp(
    inventory: Annotated[list[Path], typer.Option(help="The inventory whose devices are read; repeatable.")],
    community: Annotated[
        str, typer.Option(metavar="REF", help="Community of SNMP v2c, as env:NAME or file:PATH; goes in clear.")
    ] = "",
    user: Annotated[str, typer.Option(metavar="NAME", help="User of SNMP v3.")] = "",
    auth: Reference = "",
    auth_protocol: Annotated[str, typer.Option(metavar="WORD", help="sha, sha224 … sha512, md5.")] = "sha256",
    priv: Reference = "",
    priv_protocol: Annotated[str, typer.Option(metavar="WORD", help="aes, aes192, aes256, des.")] = "aes",
    db: DatabaseUrl = "",
    agency: Agencies = [],  # noqa: B006
    exclude: OptOutList = "",
    policy: PolicyChoice = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and show; store nothing.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a device.")] = False,
) -> None:
    """Read devices that the inventory lists with a port such as 161/snmp; exit 3 if one could not be read."""
    from ipv6check.cli.selection import selection_of
    from ipv6check.settings import load_settings
    from ipv6check.wiring.imports.snmp_evidence import planes
    from ipv6check.wiring.inputs import read_inventory

    secret = _secret(community, user, (auth, auth_protocol), (priv, priv_protocol))
    opened = read_inventory(inventory)
    assets = list(selection_of(agency, [], [], 0, opened.agencies).apply(opened.assets(), opened.agencies))
    if not planes(assets):
        raise Trouble(f"{inventory[0]}: no device here is managed over SNMP; write `ports: [161/snmp]` into its entry")
    settings, _ = load_settings(db=db, exclude=exclude, policy=policy)
    found, missed = run_async(_read(assets, secret, settings, private=bool(agency), store=not dry_run))
    _show(found, missed, json=json)
    if missed:
        raise Leave(Exit.UNTRUSTWORTHY)


def _secret(community: str, user: str, auth: tuple[str, str], priv: tuple[str, str]) -> Community | User:
    """Raises Trouble for what is missing or cannot be; no secret is quoted."""
    from ipv6check.alertsettings import secret
    from ipv6check.net.clients.snmpsource import AUTHENTICATION, PRIVACY, Community, User

    if bool(community) == bool(user):
        raise Trouble("give --community REF (SNMP v2c) or --user NAME with --auth REF (SNMP v3), and not both")
    for option, reference in (("--community", community), ("--auth", auth[0]), ("--priv", priv[0])):
        if reference and not reference.startswith(("env:", "file:")):
            raise Trouble(f"{option}: a secret stands as env:NAME or file:PATH, never by itself")
    if community:
        if auth[0] or priv[0]:
            raise Trouble("--auth and --priv belong to --user")
        return Community(secret=secret(community, "--community"))
    if not auth[0]:
        raise Trouble("--user needs --auth: without a secret a device tells everybody, and answers can be forged")
    for option, word, known in (
        ("--auth-protocol", auth[1], AUTHENTICATION),
        ("--priv-protocol", priv[1], PRIVACY),
    ):
        if word not in known:
            raise Trouble(f"{option} {word}: not one of {', '.join(known)}")
    told = secret(auth[0], "--auth"), secret(priv[0], "--priv") if priv[0] else ""
    if any(0 < len(one) < _SHORTEST for one in told):
        raise Trouble(f"--auth and --priv: a secret of SNMP v3 has at least {_SHORTEST} characters")
    return User(name=user, auth_secret=told[0], auth=auth[1], priv_secret=told[1], priv=priv[1])


async def _read(
    assets: Sequence[Asset], secret: Community | User, settings: Settings, *, private: bool, store: bool
) -> tuple[list[Imported], list[Missed]]:
    from datetime import UTC, datetime

    from ipv6check.net.clients.snmpsource import SnmpSource
    from ipv6check.net.gate import Gate
    from ipv6check.store.open import open_store
    from ipv6check.wiring.imports.evidence_files import store_all
    from ipv6check.wiring.imports.snmp_evidence import read_devices
    from ipv6check.wiring.inputs import read_optout, read_policy

    gate = Gate(optout=read_optout(settings), treat_as_global=read_policy(settings, None).treat_as_global)
    source = SnmpSource(secret)
    try:
        found, missed = await read_devices(assets, source, gate, now=datetime.now(UTC), private=private)
    finally:
        source.close()
    if store:
        async with await open_store(settings.db) as opened:
            found = await store_all(opened, found, assets)
    return found, missed


def _show(found: Sequence[Imported], missed: Sequence[Missed], *, json: bool) -> None:
    from ipv6check.cli.commands.evidence import as_object, lines
    from ipv6check.reports.inert import inert
    from ipv6check.reports.machine.as_json import as_line

    if json:
        tell(as_line(as_object(one)) for one in found)
        tell(as_line({"asset": one.asset, "place": one.place, "missed": one.reason}) for one in missed)
        return
    tell(line for one in found for line in lines(one))
    tell(inert(f"{one.asset}: not read at {one.place or 'any address'}: {one.reason}") for one in missed)
