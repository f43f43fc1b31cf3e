"""``inventory import`` and ``inventory gaps``: inventories from other systems, and what an inventory lacks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from ipv6check.cli.exits import Exit, Leave, run_async
from ipv6check.cli.options import DatabaseUrl
from ipv6check.cli.streams import tell
from ipv6check.cli.wording import several
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ipv6check.sources.assembly import Imported, Mapped
    from ipv6check.sources.merge import Merge
    from ipv6check.sources.opening import Wanted
    from ipv6check.wiring.imports.gaps import Gap, GapFinder, Gaps

SHOWN = 50

Repeated = list[str]


def import_(
    sources: Annotated[list[str], typer.Argument(help="Files, https://… or axfr://SERVER/ZONE.")],
    kind: Annotated[
        str,
        typer.Option(
            "--from",
            help="netbox, ansible, nmap, zgrab2, httpx, prometheus, zone, csv, xlsx, list, yaml; else by content.",
        ),
    ] = "",
    merge: Annotated[Path | None, typer.Option(help="Merge into this YAML inventory.")] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Write the merged inventory back.")] = False,
    out: Annotated[str, typer.Option("--out", "--output", "-o", help="Write to a file; - is standard output.")] = "-",
    to: Annotated[str, typer.Option(help="yaml or csv.")] = "yaml",
    name: Annotated[str, typer.Option(help="Name of the source that is noted with each asset.")] = "",
    agency: Annotated[str, typer.Option(help="Agency of whatever names none.")] = "",
    agency_map: Annotated[Repeated, typer.Option(help="TENANT=AGENCY, as the source names it; repeatable.")] = [],  # noqa: B006
    exclude_role: Annotated[Repeated, typer.Option(help="Leave out what has this role; repeatable.")] = [],  # noqa: B006
    update: Annotated[Repeated, typer.Option(help="Field that the source may overwrite; repeatable.")] = [],  # noqa: B006
    token_env: Annotated[str, typer.Option(help="Variable that holds the token; NETBOX_TOKEN otherwise.")] = "",
    token_file: Annotated[str, typer.Option(help="File that holds the token.")] = "",
    tsig_env: Annotated[str, typer.Option(help="Variable that holds the TSIG key, [algorithm:]name:secret.")] = "",
    tsig_file: Annotated[str, typer.Option(help="File that holds the TSIG key, also as BIND writes it.")] = "",
    ca_file: Annotated[str, typer.Option(help="Further certificate authorities in PEM.")] = "",
    origin: Annotated[str, typer.Option(help="Name of the zone, where its file does not say it.")] = "",
    encoding: Annotated[str, typer.Option(help="Encoding of text tables; found out by itself otherwise.")] = "",
    rejects: Annotated[str, typer.Option(help="Write every entry that cannot be used to this file.")] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Write nothing and exit 2 if an entry is faulty.")] = False,
) -> None:
    """Make an inventory of what other systems list, or merge it into one that people keep."""
    from datetime import UTC, datetime

    from ipv6check.wiring.imports.importing import import_all

    _check(merge, in_place, out, to, update)
    wanted = _wanted(kind, name, origin, ca_file, encoding, (token_env, token_file), (tsig_env, tsig_file))
    today = datetime.now(UTC).date()
    found = import_all(sources, wanted, _mapped(agency, agency_map, exclude_role), today=today)
    _report(found, rejects)
    if strict and found.faults:
        raise Leave(Exit.USAGE)
    if not found.count and not found.agencies and not merge:
        raise Trouble(f"{sources[0]}: lists nothing that can be an asset or agency")
    if merge:
        _merge(merge, found, str(merge) if in_place else out, frozenset(update))
    else:
        _write_new(found, to, out)


def _check(merge: Path | None, in_place: bool, out: str, to: str, update: Sequence[str]) -> None:
    from ipv6check.inventory.schema import AssetEntry

    if to not in ("yaml", "csv"):
        raise Trouble(f"--to {to}: not one of yaml, csv")
    if merge is None and (in_place or update):
        raise Trouble("--in-place and --update belong to --merge")
    if merge and to != "yaml":
        raise Trouble("--to csv: a merged inventory is YAML")
    if in_place and out != "-":
        raise Trouble("--in-place and --out: give one of them")
    allowed = sorted(set(AssetEntry.model_fields) - {"id", "kind", "source", "seen", "vanished"})
    for field in update:
        if field not in allowed:
            raise Trouble(f"--update {field}: not one of {', '.join(allowed)}")


def _wanted(
    kind: str,
    name: str,
    origin: str,
    ca_file: str,
    encoding: str,
    token: tuple[str, str],
    tsig: tuple[str, str],
) -> Wanted:
    from ipv6check.net.dns.zonetext import parse_key
    from ipv6check.sources.opening import Wanted
    from ipv6check.sources.secret import secret_of

    if len(name) > 200 or not name.isprintable():
        raise Trouble("--name: must be at most 200 characters that can be printed")
    default = "NETBOX_TOKEN" if kind == "netbox" else ""
    key = secret_of(env=tsig[0], file=tsig[1], what="the TSIG key")
    return Wanted(
        kind=kind,
        name=name,
        origin=origin,
        token=secret_of(env=token[0], file=token[1], what="the token", default_env=default),
        key=parse_key(key) if key else None,
        ca_file=ca_file,
        encoding=encoding,
    )


def _mapped(agency: str, pairs: Sequence[str], roles: Sequence[str]) -> Mapped:
    from ipv6check.inventory.agencies import folded
    from ipv6check.sources.assembly import Mapped

    names: dict[str, str] = {}
    for pair in pairs:
        tenant, equals, meant = pair.partition("=")
        if not equals or not tenant.strip() or not meant.strip():
            raise Trouble(f"--agency-map {pair}: must be TENANT=AGENCY")
        names[folded(tenant)] = meant.strip()
    return Mapped(
        names=names, default=agency, without_roles=frozenset("-".join(role.lower().split()) for role in roles)
    )


def _say(text: str) -> None:
    from ipv6check.reports.inert import inert

    typer.echo(inert(text), err=True)


def _report(found: Imported, rejects: str) -> None:
    from ipv6check.cli.output import write

    for problem in found.faults[:SHOWN]:
        _say(str(problem))
    more = len(found.faults) - SHOWN
    if more > 0:
        _say(f"… and {more} more" + ("" if rejects else "; --rejects FILE writes them all"))
    if rejects:
        from ipv6check.reports.inert import inert

        write((inert(str(problem)) for problem in found.faults), rejects)
    for note in found.notes[:SHOWN]:
        _say(f"{note} (warning)")
    if len(found.notes) > SHOWN:
        _say(f"… and {len(found.notes) - SHOWN} more warnings")
    for source, reason, count in found.left_out:
        _say(f"{source}: left out {count} {reason}")
    agencies = several(len(found.agencies), "agency", "agencies")
    unusable = several(len(found.faults), "entry that cannot be used", "entries that cannot be used")
    _say(f"{several(found.count, 'asset')}, {agencies}, {unusable}")


def _write_new(found: Imported, to: str, out: str) -> None:
    from ipv6check.cli.output import write
    from ipv6check.inventory.convert import NotFlat
    from ipv6check.wiring.imports.importing import written

    try:
        write((line.rstrip("\r\n") for line in written(found, to)), out, with_bom=to == "csv")
    except NotFlat as fault:
        raise Trouble(str(fault)) from None


def _merge(path: Path, found: Imported, out: str, update: frozenset[str]) -> None:
    from datetime import UTC, datetime

    from ipv6check.cli.output import write_octets
    from ipv6check.wiring.imports.importing import merge_into

    result = merge_into(path, found, today=datetime.now(UTC).date(), update=update)

    def fill(file: BinaryIO) -> None:
        file.write(result.text.encode())

    write_octets(fill, out)
    _tell_merge(result.done)


def _tell_merge(done: Merge) -> None:
    for problem in done.differing[:SHOWN]:
        _say(f"{problem} (--update takes it)")
    if len(done.differing) > SHOWN:
        _say(f"… and {len(done.differing) - SHOWN} more differences")
    for asset in done.vanished[:SHOWN]:
        _say(f"{asset.name}: is no longer in {asset.source}; marked, and it stays until you remove it")
    if len(done.vanished) > SHOWN:
        _say(f"… and {len(done.vanished) - SHOWN} more vanished")
    for source in done.unmarked:
        _say(f"{source}: was not read whole, or lists nothing; nothing of it is marked as vanished")
    if done.elsewhere:
        _say(f"{done.elsewhere} assets stand in included files, which are left as they are")
    _say(
        f"{len(done.new)} new, {done.filled} with fields added, {done.updated} updated, {done.kept} unchanged, "
        f"{done.covered} covered by another asset, {len(done.differing)} differences kept as written, "
        f"{len(done.vanished)} vanished, {len(done.returned)} back, {len(done.new_agencies)} agencies added"
    )


def gaps(
    files: Annotated[list[Path], typer.Argument(help="Inventory files.")],
    zone: Annotated[list[str], typer.Option(help="Zone file or axfr://SERVER/ZONE; repeatable.")] = [],  # noqa: B006
    db: DatabaseUrl = "",
    scan: Annotated[str, typer.Option(help="Scan whose certificates are read: id, its beginning, or latest.")] = "",
    origin: Annotated[str, typer.Option(help="Name of the zone, where its file does not say it.")] = "",
    tsig_env: Annotated[str, typer.Option(help="Variable that holds the TSIG key.")] = "",
    tsig_file: Annotated[str, typer.Option(help="File that holds the TSIG key.")] = "",
    format: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
    fail: Annotated[bool, typer.Option("--fail", help="Exit 1 if something is missing.")] = False,
) -> None:
    """Tell which names of zones, and of certificates that scans have seen, nobody lists."""
    from ipv6check.sources.opening import zone_from
    from ipv6check.wiring.imports.gaps import GapFinder
    from ipv6check.wiring.inputs import read_inventory

    if format not in ("text", "json"):
        raise Trouble(f"--format {format}: not one of text, json")
    if not zone and not db and not scan:
        raise Trouble("nothing to compare with: give --zone FILE, --db URL or --scan latest")
    finder = GapFinder(read_inventory(files))
    wanted = _wanted("zone", "", origin, "", "", ("", ""), (tsig_env, tsig_file))
    for one in zone:
        finder.look_at_zone(zone_from(one, wanted), file=one)
    found = finder.gaps(run_async(_scan(finder, db, scan or "latest")) if db or scan else "")
    if format == "json":
        from ipv6check.reports.machine.as_json import as_line

        tell([as_line(found)])
    else:
        tell(_gap_lines(found))
    if fail and found.gaps:
        raise Leave(Exit.FINDINGS)


async def _scan(finder: GapFinder, db: str, name: str) -> str:
    from ipv6check.settings import load_settings
    from ipv6check.store.open import open_store
    from ipv6check.wiring.imports.gaps import look_at_scan

    settings, _ = load_settings(db=db)
    async with await open_store(settings.db, create=False) as store:
        return await look_at_scan(finder, store, name)


def _gap_lines(found: Gaps) -> Iterable[str]:
    from ipv6check.reports.inert import inert

    def line(gap: Gap) -> str:
        return inert(f"{gap.name}  {gap.found_in} {gap.where}")

    yield from map(line, found.gaps)
    for gap in found.wildcards:
        yield f"{line(gap)}  (any name below it may exist)"
    looked = f"{several(found.zones, 'zone')}, {several(found.certificates, 'certificate')}"
    if found.scan:
        looked += f" of scan {found.scan}"
    missing = several(len(found.gaps), "name that nobody lists", "names that nobody lists")
    _say(f"{missing} ({looked}); names of others in certificates: {found.foreign}")
