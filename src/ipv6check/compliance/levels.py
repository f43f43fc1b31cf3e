"""What a mandate asks of one asset, and the level it gives each rule."""

from dataclasses import dataclass, field

from ipv6check.model.asset import Asset, AssetClass
from ipv6check.model.mandate import Level, Mandate, Predicate, Requirement, evidence_source

ATTESTED = "attested"

IPV4_NAMED, IPV4_DOCUMENTED = "OFF001", "OFF002"
IPV4_RULES = frozenset({IPV4_NAMED, IPV4_DOCUMENTED})
"""The rules that prove IPv4 gone. They count where a predicate or the mandate's checks ask for them, and speak nowhere
else: a dual-stack name that keeps its A record has no fault."""

LISTENS = "HST001"
"""What was measured on the host itself. Its failure beats any paper, also where a mandate admits nothing but paper."""


@dataclass(frozen=True, slots=True)
class Demand:
    """The rules one asset is counted by, families replaced by codes.

    One rule of each group in ``any_of`` is enough. ``paper_only``: attestation is the sole admitted evidence.
    ``predicate`` may ask that IPv4 is gone besides.
    """

    require: frozenset[str]
    any_of: tuple[frozenset[str], ...]
    partial_if: frozenset[str]
    paper_only: bool
    predicate: Predicate
    levels: dict[str, Level] = field(hash=False)

    def level(self, code: str) -> Level:
        """The level of a rule; what the mandate does not name is informational."""
        return self.levels.get(code, Level.INFORMATIONAL)


class Demands:
    """A mandate's demands by class, tags and the rules that speak about an asset; computed once for each mix."""

    def __init__(self, mandate: Mandate) -> None:
        self._checks = mandate.checks
        self._tags = frozenset(key.partition("/")[2] for key in mandate.checks if "/" in key)
        self._known: dict[tuple[AssetClass, frozenset[str], frozenset[str], Predicate], Demand] = {}

    def of(self, asset: Asset, speaking: frozenset[str], predicate: Predicate = Predicate.DUAL_STACK) -> Demand:
        """The demand on ``asset``, about which the rules in ``speaking`` speak, under a predicate.

        ``class/tag`` replaces ``class``; several tags that match are united. A class without rules demands nothing.
        """
        key = asset.kind.asset_class, self._tags.intersection(asset.tags), speaking, predicate
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = _demand(self._matching(key[0], key[1]), speaking, predicate)
        return found

    def _matching(self, asset_class: AssetClass, tags: frozenset[str]) -> list[Requirement]:
        tagged = [self._checks.get(f"{asset_class}/{tag}") for tag in sorted(tags)]
        found = [requirement for requirement in tagged if requirement is not None]
        plain = self._checks.get(asset_class.value)
        return found or ([plain] if plain is not None else [])


def _demand(requirements: list[Requirement], speaking: frozenset[str], predicate: Predicate) -> Demand:
    require: set[str] = set()
    any_of: dict[frozenset[str], None] = {}
    partial_if: set[str] = set()
    advise: set[str] = set()
    for one in requirements:
        # A family means those of its rules whose evidence is admitted; a code is taken at its word.
        require |= _expand(one.require, speaking, one.evidence)
        if one.any_of:
            any_of[frozenset(_expand(one.any_of, speaking, one.evidence))] = None
        partial_if |= _expand(one.partial_if, speaking, one.evidence)
        advise |= _expand(one.advise, speaking, ("measured", "inventory", ATTESTED))
    levels = dict.fromkeys(advise, Level.ADVISED)
    required = require.union(*any_of)
    levels |= dict.fromkeys(required, Level.REQUIRED)
    if LISTENS in speaking and any(evidence_source(code) == ATTESTED for code in required):
        levels[LISTENS] = Level.REQUIRED
    if predicate.forbids_ipv4:
        levels |= dict.fromkeys(IPV4_RULES, Level.REQUIRED)
    admitted = {source for one in requirements for source in one.evidence}
    return Demand(
        require=frozenset(require),
        any_of=tuple(any_of),
        partial_if=frozenset(partial_if),
        paper_only=admitted == {ATTESTED},
        predicate=predicate,
        levels=levels,
    )


def _expand(names: tuple[str, ...], speaking: frozenset[str], evidence: tuple[str, ...]) -> set[str]:
    codes: set[str] = set()
    for name in names:
        if name[-1:].isdigit():
            codes.add(name)
        else:
            codes |= {
                code for code in speaking if code.rstrip("0123456789") == name and evidence_source(code) in evidence
            }
    return codes


def codes_of(names: tuple[str, ...], among: frozenset[str], evidence: tuple[str, ...]) -> tuple[str, ...]:
    """The codes among ``among`` that codes and families name; a family means those whose evidence is admitted."""
    return tuple(sorted(_expand(names, among, evidence) & among))
