"""Levels, the heat map, and what holds assets back."""

from datetime import date

from ipv6check.model.asset import AssetClass, Attestation, Kind
from ipv6check.model.mandate import Requirement, Scope
from ipv6check.model.standing import Blocker
from tests.unit.compliance.worked import AGENCIES, OWNED, WEB, F, N, P, U, asset, mandate, stand, verdicts, web

BOTH = {"service": WEB, "application": WEB}


def counted(groups) -> dict[str, tuple[int, int]]:
    return {group.key: (group.rate.ready, group.rate.denominator) for group in groups}


def test_levels_count_the_owning_agency_and_add_up_to_the_whole() -> None:
    standing = stand(mandate(), OWNED, agencies=AGENCIES)
    # The department without a level counts with its province; who belongs to nobody has no level.
    assert counted(standing.levels) == {"province": (1, 3), "district": (1, 1), "": (1, 1)}
    assert sum(group.rate.denominator for group in standing.levels) == standing.whole.rate.denominator


def test_levels_come_in_the_order_of_the_mandate() -> None:
    under = mandate(scope=Scope(levels=("district", "province")))
    assert [group.key for group in stand(under, OWNED, agencies=AGENCIES).levels] == ["district", "province"]


def test_the_heat_map_rolls_up_and_leaves_out_empty_pairs() -> None:
    rows = [(asset("a", agency="p/d"), web(P)), (asset("b", Kind.APPLICATION, agency="p"), web(F))]
    cells = stand(mandate(BOTH), rows, agencies=AGENCIES).cells
    found = {(cell.agency, cell.asset_class): (cell.rate.ready, cell.rate.denominator) for cell in cells}
    service, application = AssetClass.SERVICE, AssetClass.APPLICATION
    assert found == {
        ("vn", service): (1, 1),
        ("vn", application): (0, 1),
        ("p", service): (1, 1),
        ("p", application): (0, 1),
        ("p/d", service): (1, 1),
    }


def test_blockers_name_the_failed_required_rules_and_the_owners_with_most_first() -> None:
    rows = [
        (asset("a", agency="q"), web(P, P, P, P, F)),
        (asset("b", agency="p"), web(P, P, P, P, F)),
        (asset("c", agency="p"), web(P, P, P, F, F)),
        (asset("d", agency="p"), web(P, P, P, P, U)),
        (asset("e", agency="p"), (*web(P), *verdicts(ICM001=F))),
    ]
    assert stand(mandate(), rows, agencies=AGENCIES).blockers == (
        Blocker(rule="HTTP001", tag="t", assets=3, owners=("p", "q")),
        Blocker(rule="TLS001", tag="t", assets=1, owners=("p",)),
    )


def test_a_rule_of_a_group_blocks_only_if_the_group_failed() -> None:
    either = Requirement(require=("DNS001",), any_of=("ICM001", "DEV001"))
    answered = (asset("a", Kind.DEVICE, agency="p"), verdicts(DNS001=P, ICM001=F, DEV001=P))
    undecided = (asset("b", Kind.DEVICE, agency="p"), verdicts(DNS001=P, ICM001=F, DEV001=U))
    silent = (asset("c", Kind.DEVICE, agency="p"), verdicts(DNS001=P, ICM001=N, DEV001=F))
    found = stand(mandate({"device": either}), [answered, undecided, silent], agencies=AGENCIES).blockers
    assert [(one.rule, one.assets) for one in found] == [("DEV001", 1)]


def test_a_paper_that_lapsed_since_the_scan_blocks_as_expired() -> None:
    software = {"software": Requirement(require=("ATT001",), evidence=("attested",))}
    old = Attestation(document="A", signer="B", date=date(2020, 1, 1), expires=date(2025, 5, 31))
    rows = [(asset("s", Kind.SOFTWARE, agency="p", paper=old, protocol=None), verdicts(ATT001=P))]
    [blocker] = stand(mandate(software), rows, agencies=AGENCIES).blockers
    assert (blocker.rule, blocker.tag) == ("ATT001", "attestation-expired")


def test_assets_with_equal_verdicts_but_other_papers_or_demands_keep_their_own_outcome() -> None:
    checks = {"software": Requirement(require=("ATT001",), evidence=("attested",)), "software/free": Requirement(
        require=("NET001",), evidence=("inventory",))}  # fmt: skip
    valid = Attestation(document="A", signer="B", date=date(2025, 5, 1))
    lapsed = Attestation(document="A", signer="B", date=date(2020, 5, 1))
    rows = [
        (asset(name, Kind.SOFTWARE, paper=paper, tags=tags, protocol=None), verdicts(ATT001=P, NET001=F))
        for name, paper, tags in (("a", valid, ()), ("b", lapsed, ()), ("c", None, ()), ("d", valid, ("free",)))
    ]
    found = [one.readiness.value for one in stand(mandate(checks), rows).assets]
    assert found == ["ready", "needs-attestation", "needs-attestation", "not-ready"]
