"""From what a file says to the assets it says it about. What is not certain is told, and never guessed."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from ipv6check.hosts.ground import NAMELESS, Ground, folded, tagged
from ipv6check.hosts.reading import Contents, Entry
from ipv6check.hosts.services import as_socket, services, usable_ipv6
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.host import HostDocument, HostSocket
from ipv6check.model.imported import Claim, Listening, Provenance, Sighting
from ipv6check.model.target import Target

MOST_SIGHTINGS = 16
"""Kept of one asset from one file, the newest first; a network may be seen thousands of times."""

_LISTENING = frozenset({Kind.DOMAIN, Kind.SERVICE, Kind.APPLICATION})


class Matched(NamedTuple):
    """The claims, and a line for everything that was told to belong to nobody or to more than one."""

    claims: tuple[Claim, ...]
    unmatched: tuple[str, ...]


def match_host(document: HostDocument, provenance: Provenance, ground: Ground) -> Matched:
    """What a host's document says about the assets that run on it, and about the device it is."""
    names = {folded(name) for name in (document.name, *document.names)} - NAMELESS
    own = [one.address for one in document.addresses if ground.tells(one.address)]
    found: dict[str, tuple[Asset, str]] = {}
    for key in (*sorted(names), *own):
        for asset in (*ground.by_tag.get(key, ()), *(ground.named(key) if key in names else ground.at(key))):
            found.setdefault(asset.id, (asset, key))
    claims: list[Claim] = []
    used: set[HostSocket] = set()
    for asset, key in found.values():
        listenings: list[Listening] = []
        sightings: tuple[Sighting, ...] = ()
        tagged_here = any(folded(tag) in names or tag in own for tag in tagged(asset, "host"))
        if asset.kind in _LISTENING:
            targets = [one for one in asset.targets if tagged_here or folded(one.host) in names or one.host in own]
            listenings = [_on_port(one, asset, document, provenance, key, used) for one in targets]
        elif asset.kind is Kind.SOFTWARE:
            listenings = _of_software(asset, document, provenance, key, used)
        elif asset.kind is Kind.DEVICE:
            sightings = _of_device(document, provenance, key)
        if listenings or sightings:
            claims.append(_claim(asset, listenings, sightings))
    left = [f"{one.transport}/{one.port} {one.owner}" for one in services(document) if used.isdisjoint(one.sockets)]
    return Matched(tuple(claims), tuple(left))


def _of_device(document: HostDocument, provenance: Provenance, key: str) -> tuple[Sighting, ...]:
    addresses = tuple(usable_ipv6(document.addresses)[:MOST_SIGHTINGS])
    if not addresses:
        return ()
    return (Sighting(provenance=provenance, seen_at=provenance.taken_at, matched_by=key, addresses=addresses),)


def _on_port(
    target: Target, asset: Asset, document: HostDocument, provenance: Provenance, key: str, used: set[HostSocket]
) -> Listening:
    """What listens on a target's port; of the processes that the inventory names, if it names any."""
    transport = "udp" if target.protocol.is_datagram else "tcp"
    wanted = {name.casefold() for name in tagged(asset, "process")}
    sockets = [
        one
        for one in document.sockets
        if one.transport == transport and one.port == target.port and (not wanted or wanted & _names(one))
    ]
    used.update(sockets)
    listening = _listening(f"{transport}/{target.port}", sockets, document, provenance, key)
    return _with_target(listening, target)


def _with_target(listening: Listening, target: Target) -> Listening:
    return replace(listening, target=target.key, address=target.host if target.is_literal else "")


def _of_software(
    asset: Asset, document: HostDocument, provenance: Provenance, key: str, used: set[HostSocket]
) -> list[Listening]:
    """The ports its tags name; else its processes by tag, or by its product's or its own name."""
    found = []
    for port in tagged(asset, "port"):
        transport, _, number = port.rpartition("/")
        sockets = [one for one in document.sockets if (one.transport, str(one.port)) == (transport or "tcp", number)]
        found.append((f"{transport or 'tcp'}/{number}", sockets))
    if not found:
        product = asset.attestation.product if asset.attestation else ""
        for name in tagged(asset, "process") or [product or asset.name]:
            sockets = [one for one in document.sockets if name.casefold() in _names(one)]
            found.append((f"process {name}", sockets))
    used.update(socket for _, sockets in found for socket in sockets)
    return [_listening(wanted, sockets, document, provenance, key) for wanted, sockets in found]


def _names(socket: HostSocket) -> set[str]:
    """Everything the processes of a socket go by."""
    names = {name for one in socket.processes for name in (one.name, one.executable, one.unit)}
    return {name.casefold().removesuffix(".service") for name in names if name}


def _listening(
    wanted: str, sockets: Sequence[HostSocket], document: HostDocument, provenance: Provenance, key: str
) -> Listening:
    return Listening(
        provenance=provenance,
        host=document.name,
        matched_by=key,
        wanted=wanted,
        sockets=tuple(map(as_socket, sockets)),
        has_ipv6=bool(usable_ipv6(document.addresses)),
        blind=document.unseen.is_blind,
    )


def match_entries(contents: Contents, links: Iterable[Entry], provenance: Provenance, ground: Ground) -> Matched:
    """What a lease file, a neighbour table, NetBox or a configuration says about devices and networks.

    ``links`` tie cards to names and IPv4 addresses, from this file and others that came with it.
    """
    cards = _cards(links, ground)
    found: dict[str, tuple[Asset, list[Sighting]]] = {}
    unmatched: list[str] = []
    for entry in contents.entries:
        if entry.is_link:
            continue
        devices, by = _devices_of(entry, cards, ground)
        networks = _once(asset for address in entry.addresses for asset in ground.networks(address))
        if len(devices) > 1:
            unmatched.append(f"{entry.shown}: is {' and '.join(asset.id for asset in devices[:4])}, so it was not used")
            devices = []
        elif not devices and not networks:
            unmatched.append(entry.shown)
        for asset in (*devices, *networks):
            key = by if asset.kind is Kind.DEVICE else asset.prefix
            found.setdefault(asset.id, (asset, []))[1].append(_sighting(entry, provenance, key))
    claims = [_claim(asset, (), _newest(sightings)) for asset, sightings in found.values()]
    return Matched(tuple(claims), tuple(dict.fromkeys(unmatched)))


def _cards(links: Iterable[Entry], ground: Ground) -> dict[str, list[Asset]]:
    """The devices of each card, by tags of the inventory and by the links."""
    cards: dict[str, dict[str, Asset]] = defaultdict(dict)
    for card, assets in ground.by_card.items():
        cards[card].update((asset.id, asset) for asset in assets)
    for entry in links:
        if entry.mac:
            known = [asset for address in entry.ipv4 for asset in ground.at(address)]
            known += [asset for name in entry.names for asset in ground.named(name)]
            cards[entry.mac].update((asset.id, asset) for asset in known)
    return {card: list(assets.values()) for card, assets in cards.items()}


def _devices_of(entry: Entry, cards: dict[str, list[Asset]], ground: Ground) -> tuple[list[Asset], str]:
    """The devices an entry is about and how it was told: by address, else by name, else by card."""
    for address in entry.addresses:
        found = _devices(ground.at(address))
        if found:
            return found, address
    for name in entry.names:
        found = _devices(ground.named(name))
        if found:
            return found, name
    return _devices(cards.get(entry.mac, ())), entry.mac


def _devices(assets: Iterable[Asset]) -> list[Asset]:
    return [asset for asset in assets if asset.kind is Kind.DEVICE]


def _sighting(entry: Entry, provenance: Provenance, key: str) -> Sighting:
    return Sighting(
        provenance=provenance,
        seen_at=provenance.taken_at if entry.seen_at is None else min(entry.seen_at, provenance.taken_at),
        matched_by=key,
        addresses=entry.addresses,
        proof=entry.proof,
        line=entry.line,
    )


def _newest(sightings: Sequence[Sighting]) -> tuple[Sighting, ...]:
    """Addresses before abilities, the newest first."""
    return tuple(sorted(sightings, key=lambda one: (not one.addresses, -one.seen_at, one.line))[:MOST_SIGHTINGS])


def _claim(asset: Asset, listenings: Sequence[Listening], sightings: tuple[Sighting, ...]) -> Claim:
    return Claim(
        asset=asset.id,
        kind=asset.kind.value,
        name=asset.name,
        listenings=tuple(listenings),
        sightings=sightings,
    )


def _once(assets: Iterable[Asset]) -> list[Asset]:
    return list({asset.id: asset for asset in assets}.values())
