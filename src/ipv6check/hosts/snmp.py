"""What a device told over SNMP, as entries: its own addresses, and whom it has seen."""

from ipaddress import IPv6Address

from ipv6check.hosts.ground import Ground
from ipv6check.hosts.match import MOST_SIGHTINGS, Matched, match_entries
from ipv6check.hosts.reading import LONGEST, Contents, Entry, ipv6_of, is_addressed
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.device import DeviceAddress, DeviceTables
from ipv6check.model.imported import Claim, Provenance, Sighting, Source

_IN_USE = frozenset({"preferred", "deprecated", "optimistic"})


def match_device(tables: DeviceTables, asset: Asset, provenance: Provenance, ground: Ground) -> Matched:
    """What the device ``asset`` told about itself, about the networks it is in, and about its neighbours."""
    own = tuple(Entry(line=0, addresses=(one.address,)) for one in tables.addresses if _in_use(one))
    networks = match_entries(Contents(Source.SNMP, own), (), provenance, ground)
    seen = tuple(_neighbour(one.address, one.mac) for one in tables.neighbours)
    others = match_entries(Contents(Source.SNMP, tuple(filter(None, seen))), filter(None, seen), provenance, ground)
    sightings = _of_itself(tables, provenance)
    claims = [claim for claim in networks.claims if claim.kind == Kind.NETWORK.value]
    claims += others.claims
    if sightings:
        claims.append(Claim(asset=asset.id, kind=asset.kind.value, name=asset.name, sightings=sightings))
    return Matched(tuple(claims), others.unmatched)


def _of_itself(tables: DeviceTables, provenance: Provenance) -> tuple[Sighting, ...]:
    """Its addresses in use, else the rows that show IPv6 without one."""
    told = provenance.taken_at
    used = [one.address for one in tables.addresses if _in_use(one)]
    if used:
        addresses = tuple(dict.fromkeys(used))[:MOST_SIGHTINGS]
        return (Sighting(provenance=provenance, seen_at=told, matched_by=provenance.vantage, addresses=addresses),)
    proofs = [_proof(one) for one in tables.addresses if not IPv6Address(one.address).is_loopback]
    if tables.forwards:
        proofs.append("ipv6IpForwarding: forwarding")
    return tuple(
        Sighting(provenance=provenance, seen_at=told, matched_by=provenance.vantage, proof=proof[:LONGEST])
        for proof in proofs[:MOST_SIGHTINGS]
    )


def _in_use(one: DeviceAddress) -> bool:
    """True for an address that peers can use now, as far as the device says."""
    return one.is_up and one.status in _IN_USE and is_addressed(IPv6Address(one.address))


def _proof(one: DeviceAddress) -> str:
    state = one.status or "unknown"
    return f"ipAddressTable: {one.address} {state} on {one.interface}" + ("" if one.is_up else ", which is down")


def _neighbour(address: str, mac: str) -> Entry | None:
    """As a neighbour table's entry; link-local ones show IPv6 without an address."""
    six = ipv6_of(address)
    if six is None:
        return Entry(line=0, ipv4=(address,), mac=mac)
    if is_addressed(six):
        return Entry(line=0, addresses=(address,), mac=mac)
    return Entry(line=0, mac=mac, proof=f"neighbour {address}") if six.is_link_local else None
