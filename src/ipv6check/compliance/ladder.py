"""How far a device is: serving, addressed, capable or none, from its verdicts alone.

Only what was proven lifts a device. What could not be tested leaves the place open above the rung that is proven.
"""

from collections.abc import Iterable
from enum import StrEnum

from ipv6check.model.asset import Asset, Kind
from ipv6check.model.record import Record
from ipv6check.model.verdict import Status, Verdict

MANAGED, DOCUMENTED, SEEN, ECHOED = "DEV001", "DEV002", "DEV003", "ICM001"
NAMED, ATTESTED = "ADR001", "ATT001"
SEEN_WITHOUT_ADDRESS = "seen-without-address"


class Rung(StrEnum):
    """A place on the ladder, the best first. ``UNKNOWN`` is no place: nothing is proven, and not that there is none."""

    SERVING = "serving"
    ADDRESSED = "addressed"
    CAPABLE = "capable"
    NONE = "none"
    UNKNOWN = "unknown"


class Place(Record, frozen=True, kw_only=True):
    """Where a device stands. ``rung`` is what is proven; ``settled`` is False if it may stand higher, since what would
    show it could not be tested. ``rule`` is the code that proves the rung, empty for unknown."""

    rung: Rung
    settled: bool
    rule: str = ""


def place_of(asset: Asset, verdicts: Iterable[Verdict]) -> Place | None:
    """The place of a device; None for every other kind of asset.

    Serving: a management port answers over IPv6. Addressed: it answers an echo over IPv6, or somebody saw it with an
    address that fits. Capable: IPv6 was seen on it, or an address is documented or in the DNS, or a paper says so.
    None: the management plane provably fails and nothing of all this holds.
    """
    if asset.kind is not Kind.DEVICE:
        return None
    told = {verdict.rule: verdict for verdict in verdicts}

    def passed(code: str) -> bool:
        return code in told and told[code].status is Status.PASS

    if passed(MANAGED):
        return Place(rung=Rung.SERVING, settled=True, rule=MANAGED)
    settled = MANAGED in told and told[MANAGED].status is Status.FAIL
    for code in (SEEN, ECHOED):
        if passed(code):
            return Place(rung=Rung.ADDRESSED, settled=settled, rule=code)
    if SEEN in told and told[SEEN].tag == SEEN_WITHOUT_ADDRESS:
        return Place(rung=Rung.CAPABLE, settled=False, rule=SEEN)
    for code in (DOCUMENTED, NAMED, ATTESTED):
        if passed(code):
            return Place(rung=Rung.CAPABLE, settled=settled and not _open(told, SEEN, ECHOED), rule=code)
    if settled and not _open(told, SEEN, ECHOED):
        return Place(rung=Rung.NONE, settled=True, rule=MANAGED)
    return Place(rung=Rung.UNKNOWN, settled=False)


def _open(told: dict[str, Verdict], *codes: str) -> bool:
    """True if one of the rules could not tell."""
    return any(code in told and told[code].status is Status.UNKNOWN for code in codes)
