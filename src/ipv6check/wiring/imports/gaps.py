"""What an inventory lacks: names in zones, and names in certificates that scans have seen, that no asset lists."""

from collections.abc import Iterable, Sequence

from ipv6check.inventory.load import Inventory
from ipv6check.inventory.normalise import Malformed, host_name
from ipv6check.model.asset import evidence_key
from ipv6check.model.contact import Contact, EndpointEvidence
from ipv6check.model.record import Record
from ipv6check.net.dns.zonetext import Zone
from ipv6check.probes.suffixes import registrable
from ipv6check.sources.opening import harvest_of_zone
from ipv6check.store.repository import Store

_PAGE = 200


class Gap(Record, frozen=True, kw_only=True):
    """A name nobody lists. ``found_in`` is zone or certificate, ``where`` the zone or the host that showed it."""

    name: str
    found_in: str
    where: str


class Gaps(Record, frozen=True, kw_only=True):
    """``foreign`` counts names in certificates outside the registrable names of the inventory, ``wildcards`` are names
    such as ``*.example.vn`` (any host below may exist), ``zones`` and ``certificates`` how many were looked at."""

    gaps: tuple[Gap, ...] = ()
    wildcards: tuple[Gap, ...] = ()
    foreign: int = 0
    zones: int = 0
    certificates: int = 0
    scan: str = ""


class GapFinder:
    """Collects what an inventory lacks."""

    def __init__(self, inventory: Inventory) -> None:
        self._known: set[str] = set()
        for asset in inventory:
            self._known.update(target.host for target in asset.targets)
            self._known.update(_name(asset.name))
        self._own = {registrable(name) for name in self._known if "." in name and ":" not in name}
        self._gaps: dict[str, Gap] = {}
        self._wildcards: dict[str, Gap] = {}
        self._foreign: set[str] = set()
        self._zones = 0
        self._certificates: set[str] = set()

    def look_at_zone(self, zone: Zone, *, file: str) -> None:
        """Names of a zone that an import would list."""
        self._zones += 1
        for draft in harvest_of_zone(zone, file=file).drafts:
            host = draft.targets[0].text.partition(":")[0]
            for name in _name(host):
                if name not in self._known:
                    self._gaps.setdefault(name, Gap(name=name, found_in="zone", where=zone.origin))

    def look_at_certificate(self, digest: str, names: Iterable[str], *, host: str) -> None:
        """Names of a certificate: each certificate counts once."""
        if digest in self._certificates:
            return
        self._certificates.add(digest)
        for written in names:
            is_wildcard = written.startswith("*.")
            for name in _name(written.removeprefix("*.")):
                if registrable(name) not in self._own:
                    self._foreign.add(name)
                elif is_wildcard:
                    shown = f"*.{name}"
                    self._wildcards.setdefault(shown, Gap(name=shown, found_in="certificate", where=host))
                elif name not in self._known:
                    self._gaps.setdefault(name, Gap(name=name, found_in="certificate", where=host))

    def gaps(self, scan: str = "") -> Gaps:
        """Everything found, in the order of names."""
        return Gaps(
            gaps=tuple(sorted(self._gaps.values(), key=_order)),
            wildcards=tuple(sorted(self._wildcards.values(), key=_order)),
            foreign=len(self._foreign),
            zones=self._zones,
            certificates=len(self._certificates),
            scan=scan,
        )


async def look_at_scan(finder: GapFinder, store: Store, name: str) -> str:
    """Show the certificates of one stored scan to ``finder``; the scan's id. Raises StoreError."""
    scan = await store.scan(name)
    revision = await store.revision_of(scan)
    page: dict[str, str] = {}
    async for asset in store.assets(revision.number):
        page.update({evidence_key(target, asset.view): target.host for target in asset.targets})
        if len(page) >= _PAGE:
            await _page(finder, store, scan.id, page)
            page = {}
    await _page(finder, store, scan.id, page)
    return scan.id


async def _page(finder: GapFinder, store: Store, scan: str, page: dict[str, str]) -> None:
    for key, evidence in (await store.evidence(scan, page)).items():
        for contact in _contacts(evidence):
            if contact.certificate:
                finder.look_at_certificate(contact.certificate.sha256, contact.certificate.names, host=page[key])


def _contacts(evidence: Sequence[object]) -> Iterable[Contact]:
    for one in evidence:
        if isinstance(one, EndpointEvidence):
            yield from (*one.v6, *one.v4, *one.plain_http)


def _name(text: str) -> tuple[str, ...]:
    """The name in one form, nothing if it is no DNS name with a dot."""
    try:
        name = host_name(text)
    except Malformed:
        return ()
    return (name,) if "." in name else ()


def _order(gap: Gap) -> list[str]:
    return gap.name.split(".")[::-1]
