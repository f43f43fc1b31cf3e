"""Which rules speak about an asset, so that a verdict that is missing differs from a rule that has nothing to say."""

from collections.abc import Iterable

from ipv6check.model.asset import Asset, Kind
from ipv6check.model.check import Check, is_of_asset
from ipv6check.model.target import Protocol


class Applicability:
    """The rules of a release by kind of asset and protocol of its targets."""

    def __init__(self, checks: Iterable[Check]) -> None:
        self._checks = tuple(checks)
        self._known: dict[tuple[Kind, frozenset[Protocol]], frozenset[str]] = {}

    def codes(self, asset: Asset) -> frozenset[str]:
        """The codes of the rules a complete scan judges the asset by.

        An asset without targets counts as if it had one of every protocol: it could not be tested, which must not
        take it out of the denominator.
        """
        key = asset.kind, frozenset(target.protocol for target in asset.targets)
        found = self._known.get(key)
        if found is None:
            found = frozenset(check.rule.code for check in self._checks if _speaks(check, *key))
            self._known[key] = found
        return found


def _speaks(check: Check, kind: Kind, protocols: frozenset[Protocol]) -> bool:
    if kind not in check.kinds:
        return False
    anywhere = is_of_asset(check) or not check.protocols or not protocols
    return anywhere or not check.protocols.isdisjoint(protocols)
