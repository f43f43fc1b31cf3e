"""Zones as inventories: names that people open become domains, mail and name servers become services."""

from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.net.dns.zonetext import Zone
from ipv6check.sources.harvest import Harvest

_ADDRESSES = frozenset({"A", "AAAA", "CNAME"})


def read_names(zone: Zone, harvest: Harvest) -> None:
    """Add what a zone lists: of names with A, AAAA or CNAME the ones that are no wildcard, no underscore name and not
    below a delegation. What an MX or NS record of the zone points at is listed as the service it is."""
    cuts = {one.name for one in zone.names if "NS" in one.types and one.name != zone.origin}
    mail = {name for one in zone.names for name in one.mail}
    servers = {name for one in zone.names if one.name == zone.origin for name in one.servers}
    for one in sorted(zone.names, key=lambda entry: entry.name.split(".")[::-1]):
        reason = _reason(one.name, one.types, zone.origin, cuts)
        if reason:
            harvest.left_out[reason] += 1
            continue
        is_site = one.name == zone.origin or one.name not in mail | servers
        if is_site:
            harvest.add(Draft(harvest.file, 0, kind="domain", targets=[DraftTarget(one.name)]))
        for members, service in ((mail, "25/smtp"), (servers, "53/dns")):
            if one.name in members:
                harvest.add(Draft(harvest.file, 0, kind="service", targets=[DraftTarget(f"{one.name}:{service}")]))


def _reason(name: str, types: frozenset[str], origin: str, cuts: set[str]) -> str:
    """Why a name is left out; empty if it is listed."""
    if name != origin and not name.endswith(f".{origin}"):
        return "names outside the zone"
    labels = name.split(".")
    if any(".".join(labels[start:]) in cuts for start in range(len(labels))):
        return "names at or below a delegation, which another zone answers for"
    if not types & _ADDRESSES:
        return "names without A, AAAA or CNAME"
    if labels[0] == "*":
        return "wildcards; list the names that exist"
    if any(label.startswith("_") for label in labels):
        return "names with an underscore, which nobody opens"
    return ""
