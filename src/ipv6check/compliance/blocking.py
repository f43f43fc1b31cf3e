"""What holds assets back: every required rule that failed, by what it said, and whose assets those are."""

from collections import Counter
from collections.abc import Sequence

from ipv6check.model.asset import Asset
from ipv6check.model.mandate import evidence_source
from ipv6check.model.standing import Blocker
from ipv6check.model.verdict import Status, Verdict

LAPSED = "attestation-expired"
"""The tag of an attestation rule that passed on the day of the scan, with a paper that no longer holds."""


class Blocking:
    """Counts causes while a standing is taken. An asset that several rules hold back counts once under each."""

    def __init__(self) -> None:
        self._owners: dict[tuple[str, str], Counter[str]] = {}

    def add(self, asset: Asset, verdicts: Sequence[Verdict], blocked_by: Sequence[str]) -> None:
        """Count one asset that is not ready because of the rules in ``blocked_by``."""
        owner = asset.owner or asset.agency
        for verdict in verdicts:
            if verdict.rule in blocked_by:
                lapsed = verdict.status is Status.PASS and evidence_source(verdict.rule) == "attested"
                cause = verdict.rule, LAPSED if lapsed else verdict.tag
                owners = self._owners.get(cause)
                if owners is None:
                    owners = self._owners[cause] = Counter()
                owners[owner] += 1

    def blockers(self) -> tuple[Blocker, ...]:
        """The causes, those of most assets first; under each its owners, those with most assets first."""
        found = [
            Blocker(
                rule=rule,
                tag=tag,
                assets=owners.total(),
                owners=tuple(sorted((one for one in owners if one), key=lambda one: (-owners[one], one))),
            )
            for (rule, tag), owners in self._owners.items()
        ]
        return tuple(sorted(found, key=lambda one: (-one.assets, one.rule, one.tag)))
