"""What must hold for whatever an inventory and a scan may bring."""

from collections import Counter
from datetime import date
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from ipv6check.checks.registry import CHECKS, RULES
from ipv6check.compliance.standing import take_standing
from ipv6check.mandates.load import load_mandate
from ipv6check.model.agency import Agency
from ipv6check.model.asset import Asset, Attestation, Kind
from ipv6check.model.mandate import Mandate, Scope
from ipv6check.model.rating import Rate
from ipv6check.model.target import Protocol, Target
from ipv6check.model.verdict import Status, Verdict
from tests.unit.compliance.worked import SCAN

TODAY = date(2025, 6, 1)
COUNTS = ("denominator", "ready", "partial", "not_ready", "unknown", "needs_attestation", "not_applicable", "exempt")
AGENCIES = tuple(
    Agency(id=name, names={}, parent=parent)
    for name, parent in (("r", None), ("r1", "r"), ("r2", "r"), ("r11", "r1"), ("s", None))
)
WELL_SIGNED = Attestation(document="A", signer="B", date=date(2025, 5, 1))


@cache
def shipped(name: str) -> Mandate:
    """A shipped mandate that counts every agency."""
    mandate = load_mandate(name, known_rules=frozenset(RULES))
    fields = {field: getattr(mandate, field) for field in mandate.__struct_fields__}
    return Mandate(**{**fields, "scope": Scope(classes=mandate.scope.classes)})


mandates = st.sampled_from(["dual-stack", "vn-ben-tre-2025", "vn-ipv6-only-2030", "us-omb-m-21-07"]).map(shipped)
verdicts = st.dictionaries(st.sampled_from(sorted(RULES)), st.sampled_from(Status))
assets = st.builds(
    Asset,
    id=st.just("x"),
    kind=st.sampled_from(Kind),
    name=st.just("x"),
    agency=st.sampled_from(["", "r", "r1", "r2", "r11", "s", "undeclared"]),
    targets=st.sampled_from([(), (Target(host="a.test", port=443, protocol=Protocol.HTTPS),)]),
    attestation=st.sampled_from([None, WELL_SIGNED]),
)
rows = st.lists(st.tuples(assets, verdicts), max_size=8)


def count(mandate: Mandate, found):
    listed = [
        (asset, tuple(Verdict(rule=rule, status=status, tag="t") for rule, status in statuses.items()))
        for asset, statuses in found
    ]
    return take_standing(mandate, SCAN, AGENCIES, listed, TODAY, checks=CHECKS)


def total(rates: list[Rate]) -> Counter[str]:
    return Counter({name: sum(getattr(rate, name) for rate in rates) for name in COUNTS})


@given(mandates, rows)
def test_every_share_lies_between_nothing_and_everything(mandate: Mandate, found) -> None:
    standing = count(mandate, found)
    for group in (standing.whole, *standing.agencies, *standing.classes, *standing.indicators):
        rate = group.rate
        if rate.denominator == 0:
            assert rate.low is None
            assert group.meets is None
            continue
        assert 0 <= rate.low <= rate.high <= 1
        assert 0 <= rate.coverage <= 1
        assert rate.low <= rate.progress <= 1
        assert rate.measured <= rate.low
        parts = rate.ready + rate.partial + rate.not_ready + rate.undecided
        assert parts == rate.denominator


@given(mandates, rows.filter(bool), st.data())
def test_a_pass_never_lowers_the_rate(mandate: Mandate, found, data) -> None:
    before = count(mandate, found).whole.rate
    after = count(mandate, replaced(found, Status.PASS, data, speaking_only=mandate.predicate.forbids_ipv4)).whole.rate
    if before.denominator:
        assert after.low >= before.low
        assert after.high >= before.high


@given(mandates, rows.filter(bool), st.data())
def test_an_unknown_never_raises_what_is_proven(mandate: Mandate, found, data) -> None:
    before = count(mandate, found).whole.rate
    after = count(mandate, replaced(found, Status.UNKNOWN, data)).whole.rate
    if before.denominator:
        assert after.low <= before.low
    assert after.denominator >= before.denominator


def replaced(found, status: Status, data, *, speaking_only: bool = False):
    """The rows with one verdict of one asset set to ``status``; no attestation passes without a paper.

    ``speaking_only`` leaves alone what is not applicable: under a predicate about IPv4 a rule that begins to apply can
    make an asset count whose IPv4 is proven to be there.
    """
    n = data.draw(st.integers(0, len(found) - 1))
    asset, statuses = found[n]
    codes = {check.rule.code for check in CHECKS if asset.kind in check.kinds}
    known = sorted(codes if asset.attestation else codes - {"ATT001"})
    if speaking_only:
        known = [code for code in known if statuses.get(code) is not Status.NOT_APPLICABLE]
    if not known:
        return found
    rule = data.draw(st.sampled_from(known))
    return [*found[:n], (asset, {**statuses, rule: status}), *found[n + 1 :]]


@given(mandates, rows, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_order_of_assets_does_not_matter(mandate: Mandate, found, random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    assert count(mandate, shuffled) == count(mandate, found)


@given(mandates, rows)
def test_agencies_and_classes_add_up_to_the_whole(mandate: Mandate, found) -> None:
    standing = count(mandate, found)
    by_key = {group.key: group.rate for group in standing.agencies}
    tops = [rate for key, rate in by_key.items() if key in ("r", "s", "undeclared", "")]
    assert total(tops) == total([standing.whole.rate])
    assert total([group.rate for group in standing.classes]) == total([standing.whole.rate])
    own = Counter(asset.agency for asset, _ in found if asset.kind.asset_class in mandate.scope.classes)
    for parent, children in (("r", ("r1", "r2")), ("r1", ("r11",))):
        inside = total([by_key[child] for child in children])
        outside = total([by_key[parent]])
        listed = by_key[parent].denominator + by_key[parent].not_applicable
        below = sum(by_key[child].denominator + by_key[child].not_applicable for child in children)
        assert all(inside[name] <= outside[name] for name in COUNTS)
        assert listed - below == own[parent]


@given(mandates, rows)
def test_assets_that_nobody_probed_raise_nothing(mandate: Mandate, found) -> None:
    before = count(mandate, found).whole.rate
    extra = Asset(
        id="n", kind=Kind.SERVICE, name="n", targets=(Target(host="n.test", port=443, protocol=Protocol.HTTPS),)
    )
    after = count(mandate, [*found, (extra, {})]).whole.rate
    assert after.denominator == before.denominator + 1
    assert after.low <= (before.low or 0)
