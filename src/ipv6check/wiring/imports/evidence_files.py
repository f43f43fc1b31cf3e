"""Files of evidence into the store: all are read and matched first, so that one broken file leaves nothing behind."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ipv6check.hosts.configuration import is_configuration, read_configuration
from ipv6check.hosts.document import is_host_document, read_host
from ipv6check.hosts.ground import Ground
from ipv6check.hosts.leases import is_isc, is_kea, read_isc, read_kea
from ipv6check.hosts.match import Matched, match_entries, match_host
from ipv6check.hosts.neighbours import is_neighbours, read_neighbours
from ipv6check.hosts.netbox import is_netbox, read_netbox
from ipv6check.hosts.reading import MOST_OCTETS, Contents, Refused
from ipv6check.model.asset import Asset
from ipv6check.model.host import HostDocument
from ipv6check.model.imported import Bundle, Claim, Provenance, Source
from ipv6check.store.imports import Taken
from ipv6check.store.repository import Store

_READERS = (
    (is_neighbours, read_neighbours),
    (is_kea, read_kea),
    (is_isc, read_isc),
    (is_netbox, read_netbox),
    (is_configuration, read_configuration),
)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_KINDS = "a host's evidence document, a neighbour table, leases of Kea or ISC, NetBox addresses, a configuration"


@dataclass(frozen=True, kw_only=True)
class Imported:
    """One file and what came of it; ``taken`` is None where nothing was to be stored."""

    bundle: Bundle
    unmatched: tuple[str, ...]
    doubts: tuple[str, ...] = ()
    taken: Taken | None = None


@dataclass(frozen=True, kw_only=True)
class _File:
    name: str
    sha256: str
    contents: Contents | HostDocument


def read_evidence(path: Path) -> _File:
    """The file, recognised by what stands in it. Raises Refused."""
    try:
        with path.open("rb") as file:
            octets = file.read(MOST_OCTETS + 1)
    except OSError as error:
        raise Refused(f"{path}: cannot be read: {error.strerror}") from None
    if len(octets) > MOST_OCTETS:
        raise Refused(f"{path}: is larger than {MOST_OCTETS // 1_000_000} MB")
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{path}: is not UTF-8 text") from None
    digest = hashlib.sha256(octets).hexdigest()
    if is_host_document(text):
        return _File(name=path.name, sha256=digest, contents=read_host(text, path.name))
    for recognises, read in _READERS:
        if recognises(text):
            return _File(name=path.name, sha256=digest, contents=read(text, path.name))
    raise Refused(f"{path}: is of no known kind: {_KINDS}")


def bundle_all(
    paths: Iterable[Path],
    assets: Sequence[Asset],
    *,
    now: datetime,
    observed: datetime | None = None,
    vantage: str = "",
    private: bool = False,
) -> list[Imported]:
    """Every file matched to ``assets``. ``observed`` is when files were taken that do not say so themselves;
    ``vantage`` who took them. Raises Refused for the first one that cannot be used."""
    files = [read_evidence(path) for path in paths]
    ground = Ground(assets, private=private)
    contents = [file.contents for file in files if isinstance(file.contents, Contents)]
    links = [entry for one in contents if one.source is not Source.NETBOX for entry in one.entries if entry.mac]
    found = []
    for file in files:
        provenance, subject = _provenance(file, now=now, observed=observed, vantage=vantage)
        doubts: tuple[str, ...] = ()
        if isinstance(file.contents, HostDocument):
            matched = match_host(file.contents, provenance, ground)
        else:
            matched, doubts = match_entries(file.contents, links, provenance, ground), file.contents.doubts
        found.append(_imported(matched, provenance, subject, doubts))
    return found


def _imported(matched: Matched, provenance: Provenance, subject: str, doubts: tuple[str, ...]) -> Imported:
    bundle = Bundle(provenance=provenance, subject=subject, claims=matched.claims)
    return Imported(bundle=bundle, unmatched=matched.unmatched, doubts=doubts)


def _provenance(file: _File, *, now: datetime, observed: datetime | None, vantage: str) -> tuple[Provenance, str]:
    """Where and when it was taken, and whom the whole file is about. Raises Refused."""
    if isinstance(file.contents, HostDocument):
        document = file.contents
        source, taken, subject, tool = (
            Source.HOST,
            document.taken_at,
            f"{document.name} {document.machine}",
            document.tool,
        )
        vantage = document.vantage
    else:
        told = file.contents.taken_at
        times = [one for one in (datetime.fromtimestamp(told, UTC) if told else None, observed) if one is not None]
        if not times:
            raise Refused(f"{file.name}: does not say when it was taken; give --observed YYYY-MM-DD")
        source, subject, tool, taken = file.contents.source, file.contents.subject, "", min(times)
    if not _EARLIEST < taken < now + timedelta(days=1):
        raise Refused(f"{file.name}: says that it was taken on {taken:%Y-%m-%d}, which cannot be")
    provenance = Provenance(
        source=source,
        vantage=vantage or file.name,
        file=file.name,
        sha256=file.sha256,
        taken_at=taken.timestamp(),
        tool=tool,
    )
    return provenance, subject


async def store_all(store: Store, found: Sequence[Imported], assets: Iterable[Asset]) -> list[Imported]:
    """Store what is new, all or nothing. ``assets`` are what the files could have spoken of. Raises StoreError."""
    known = {(asset.id, asset.kind.value, asset.name) for asset in assets}

    def is_known(claim: Claim) -> bool:
        return (claim.asset, claim.kind, claim.name) in known

    taken = await store.imports.take([one.bundle for one in found], is_known)
    return [replace(one, taken=what) for one, what in zip(found, taken, strict=True)]
