"""What keeps a page from a network without IPv4, by who can remove it."""

from urllib.parse import urlsplit

from ipv6check.model.dns import NameEvidence
from ipv6check.model.verdict import Arg, Status, Verdict
from ipv6check.model.zone import ZonesEvidence

BROKEN_ABOVE = "broken-above"
"""The tag of a walk that a zone above the organisation broke."""
OWN, PARENT, THIRD_PARTY = "own", "parent", "third-party"


class Blockers:
    """Verdicts of the parts, sorted: proven failures by their owner, and what is open."""

    def __init__(self) -> None:
        self._failed: dict[str, list[Verdict]] = {OWN: [], PARENT: [], THIRD_PARTY: []}
        self.open: list[str] = []

    def by_own(self, part: Verdict) -> None:
        """Count a part that the organisation itself can mend."""
        self._count(OWN, part)

    def by_third_party(self, part: Verdict) -> None:
        """Count a part that belongs to others."""
        self._count(THIRD_PARTY, part)

    def by_parent(self, chain: Verdict) -> None:
        """Add a zone above the organisation, which the walk proved broken; it fails nobody by itself."""
        self._failed[PARENT].append(chain)

    def by_alias(self, walk: Verdict, *, own: bool) -> None:
        """Count the way to the zone of a name that the target is an alias of. Whatever breaks it is in the way: a zone
        of the organisation's, one above it, or, behind an alias that leads to others, a third party's."""
        if walk.tag != BROKEN_ABOVE:
            self._count(OWN if own else THIRD_PARTY, walk)
            return
        above = self._failed[PARENT]
        if own or any(part.args["zone"] == walk.args["zone"] for part in above):
            above.append(walk)
        else:
            self._failed[THIRD_PARTY].append(walk)

    def _count(self, owner: str, part: Verdict) -> None:
        if part.status is Status.FAIL:
            self._failed[owner].append(part)
        elif part.status is Status.UNKNOWN:
            self.open.append(part.rule)

    @property
    def owners(self) -> list[str]:
        """Who is in the way: ``own``, ``parent``, ``third-party``, in this order."""
        return [owner for owner, parts in self._failed.items() if parts]

    def args(self) -> dict[str, Arg]:
        """Codes of all blockers, codes of the own ones, zones above, hosts of others, and what is open besides."""
        own, parent, others = self._failed[OWN], self._failed[PARENT], self._failed[THIRD_PARTY]
        return {
            "blockers": _joined([part.rule for part in (*own, *parent, *others)]),
            "own": _joined([part.rule for part in own]),
            "parent": _joined([_zone(part) for part in parent]),
            "third_party": _joined([_hosts(part) for part in others]),
            "open": _joined(self.open),
        }


def is_own(hops: Verdict, name: NameEvidence, zones: ZonesEvidence) -> bool:
    """True if the hop that ends a walk lies in what the target's organisation registered. An address in a URL is the
    fault of who wrote it, and without a known organisation nobody else is blamed."""
    host = _host(hops)
    own = zones.zone.organisation if zones.zone is not None else ""
    if not own or not host or host == name.name or ":" in host or host.replace(".", "").isdigit():
        return True
    return host == own or host.endswith("." + own)


def _host(part: Verdict) -> str:
    """The host of the URL at which a walk ended; empty if it has none."""
    try:
        return urlsplit(str(part.args.get("hop", ""))).hostname or ""
    except ValueError:  # a URL that cannot be read was never followed
        return ""


def _hosts(part: Verdict) -> str:
    """The hosts of others that a part names, or the zone that it ended in."""
    if "hosts" in part.args:
        return str(part.args["hosts"])
    return _zone(part) if "zone" in part.args else _host(part)


def _zone(part: Verdict) -> str:
    """The broken zone and, where its SOA record names one, its operator."""
    operator = part.args.get("operator")
    return f"{part.args['zone']} ({operator})" if operator else str(part.args["zone"])


def _joined(words: list[str]) -> str:
    return ", ".join(dict.fromkeys(words))
