"""A standing as a whole: scope, agencies, classes, indicators, headline, gate, warnings."""

from collections.abc import AsyncIterator
from datetime import date
from fractions import Fraction

from ipv6check.compliance.gate import Gate, gate
from ipv6check.compliance.standing import take_standing, take_standing_from
from ipv6check.model.agency import Agency
from ipv6check.model.asset import AssetClass, Attestation, Kind
from ipv6check.model.mandate import (
    Attested,
    Counting,
    Exemption,
    Level,
    Requirement,
    Scope,
    Select,
)
from tests.unit.compliance.worked import (
    AGENCIES,
    CHECKS,
    OWNED,
    SCAN,
    TODAY,
    WEB,
    F,
    P,
    asset,
    mandate,
    stand,
    verdicts,
    web,
)

SOFTWARE = Requirement(require=("ATT001",), evidence=("attested",))
BOTH = {"service": WEB, "application": WEB}


def by_key(groups) -> dict[str, tuple[int, int]]:
    return {group.key: (group.rate.ready, group.rate.denominator) for group in groups}


def test_an_asset_counts_once_for_every_agency_above_it() -> None:
    standing = stand(mandate(), OWNED, agencies=AGENCIES)
    assert by_key(standing.agencies) == {
        "vn": (2, 4),
        "p": (2, 3),
        "p/d": (0, 1),
        "p/h": (1, 1),
        "q": (0, 1),
        "": (1, 1),
    }
    assert [group.key for group in standing.agencies] == ["vn", "p", "p/d", "p/h", "q", ""]
    assert (standing.whole.rate.ready, standing.whole.rate.denominator) == (3, 5)


def test_agencies_that_go_round_in_a_circle_do_not_hang() -> None:
    ring = (Agency(id="x", names={}, parent="y"), Agency(id="y", names={}, parent="x"))
    standing = stand(mandate(), [(asset("a", agency="x"), web(P))], agencies=ring)
    assert standing.whole.rate.ready == 1


def test_an_agency_nobody_declared_is_shown_by_its_id() -> None:
    standing = stand(mandate(), [(asset("a", agency="lost"), web(P))], agencies=AGENCIES)
    assert by_key(standing.agencies)["lost"] == (1, 1)


def test_scope_by_agency_and_level_counts_the_rest_apart() -> None:
    standing = stand(mandate(scope=Scope(under=("p",), levels=("province",))), OWNED, agencies=AGENCIES)
    # The department has no level and takes its province's; the district is another level; q and nobody are outside.
    assert [one.asset.id for one in standing.assets] == ["a", "b"]
    assert standing.unlisted == 3
    assert by_key(standing.agencies) == {"p": (1, 2), "p/d": (0, 1), "p/h": (0, 0)}


def test_scope_by_class_and_role() -> None:
    under = mandate(BOTH, scope=Scope(classes=(AssetClass.SERVICE,), exclude_roles=("pdu",)))
    rows = [(asset("a"), web(P)), (asset("b", Kind.APPLICATION), web(P)), (asset("c", role="pdu"), web(F))]
    standing = stand(under, rows)
    assert (standing.whole.rate.denominator, standing.unlisted) == (1, 2)
    assert [group.key for group in standing.classes] == ["service"]


def test_nothing_to_count_is_not_measurable_and_never_met() -> None:
    standing = stand(mandate(), [])
    rate = standing.whole.rate
    assert (rate.low, rate.high, rate.coverage, rate.progress, rate.measured) == (None,) * 5
    assert standing.whole.meets is None
    assert standing.composite_met is None
    assert gate(standing) is Gate.NO_VERDICT


def test_exempting_everything_meets_nothing() -> None:
    exemption = Exemption(id="E", select=Select(classes=(AssetClass.SERVICE,)), reason="x", expires=date(2030, 1, 1))
    standing = stand(mandate(exemptions=(exemption,)), OWNED)
    assert (standing.whole.rate.denominator, standing.whole.meets) == (0, None)
    assert {one.exemption for one in standing.assets} == {"E"}


def test_verdicts_carry_the_level_the_mandate_gives_them() -> None:
    checks = {"service": Requirement(require=("DNS001",), advise=("TLS",))}
    [one] = stand(mandate(checks), [(asset("a"), web(P))]).assets
    levels = {rated.verdict.rule: rated.level for rated in one.verdicts}
    assert (levels["DNS001"], levels["TLS001"], levels["HTTP001"]) == (
        Level.REQUIRED,
        Level.ADVISED,
        Level.INFORMATIONAL,
    )


async def test_a_stream_gives_the_same_standing_and_keeps_nothing() -> None:
    async def stream() -> AsyncIterator:
        for row in OWNED:
            yield row

    under = mandate()
    streamed = await take_standing_from(under, SCAN, AGENCIES, stream(), TODAY, checks=CHECKS)
    assert streamed == take_standing(under, SCAN, AGENCIES, OWNED, TODAY, checks=CHECKS)
    assert streamed.assets == ()
    assert streamed.whole == stand(under, OWNED, agencies=AGENCIES).whole


# attestations in the rate


def software(count: int, papers: int):
    valid = Attestation(document="A", signer="B", date=date(2025, 1, 1))
    for n in range(count):
        paper = valid if n < papers else None
        yield asset(f"s{n}", Kind.SOFTWARE, paper=paper, protocol=None), verdicts(ATT001=P if paper else F)


def test_the_rate_is_told_with_and_without_paper() -> None:
    rows = [*software(4, 3), *((asset(f"w{n}"), web(P)) for n in range(4))]
    rate = stand(mandate({"service": WEB, "software": SOFTWARE}), rows).whole.rate
    assert (rate.ready, rate.attested, rate.needs_attestation, rate.denominator) == (7, 3, 1, 8)
    assert (rate.low, rate.measured, rate.high) == (Fraction(7, 8), Fraction(4, 8), 1)


def test_paper_beyond_its_cap_is_not_proof_and_not_failure() -> None:
    under = mandate({"software": SOFTWARE}, counting=Counting(attested=Attested(max_share=0.29)))
    standing = stand(under, software(10, 10))
    rate = standing.whole.rate
    assert (rate.ready, rate.attested, rate.over_cap, rate.denominator) == (2, 2, 8, 10)
    assert (rate.low, rate.high, rate.coverage, rate.progress) == (Fraction(2, 10), 1, Fraction(2, 10), Fraction(2, 10))
    assert "attested-over-cap 8" in standing.warnings
