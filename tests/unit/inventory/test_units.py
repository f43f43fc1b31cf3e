"""The units of three provinces before and after the reform of 2025, and the known defects of the pairs."""

from datetime import date
from pathlib import Path

import pytest

from ipv6check.compliance.succession import Roster
from ipv6check.files.problem import Problems
from ipv6check.inventory.convert import agencies_as_yaml
from ipv6check.inventory.load import lint, open_inventory
from ipv6check.inventory.units import PAIRS, UNITS, units_of

FOLDER = Path(__file__).parents[3] / "inventories"
BEFORE = FOLDER / "units" / "vn-units-ben-tre-tra-vinh-vinh-long-2025-03.csv"
AFTER = FOLDER / "units" / "vn-units-successors-2025-07.csv"
LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)
WRONG = (("28924", "29734"), ("29734", "28921"), ("29623", "29182"))


def made(*drop: tuple[str, str]):
    return units_of(BEFORE, AFTER, prefix="vn", first_day=FIRST, drop=drop)


def communes_of_ben_tre(agencies):
    return [one for one in agencies if one.id.startswith("vn/83/") and one.level == "commune"]


def successors(agencies) -> set[str]:
    return {after for one in communes_of_ben_tre(agencies) for after in one.succeeded_by}


def test_the_148_communes_of_ben_tre_have_48_successors_once_the_wrong_pairs_are_left_out() -> None:
    assert len(communes_of_ben_tre(made())) == 148
    assert len(successors(made())) == 49
    assert len(successors(made(*WRONG))) == 48
    assert all(one.valid_to == LAST and len(one.succeeded_by) == 1 for one in communes_of_ben_tre(made(*WRONG)))


def test_the_shipped_file_is_what_the_converter_makes() -> None:
    assert "".join(agencies_as_yaml(made(*WRONG))) == (FOLDER / "vn-units-2025.yaml").read_text(encoding="utf-8")


def test_lint_finds_the_crossed_pairs(tmp_path: Path) -> None:
    path = tmp_path / "raw.yaml"
    path.write_text("".join(agencies_as_yaml(made())), encoding="utf-8")
    found = [one.message for one in lint([path], today=FIRST).warnings]
    crossed = [message for message in found if "bodies under several others" in message]
    assert crossed == [
        "'vn/86/29182' takes over from bodies under several others (vn/83: 4, vn/86-old: 1); look at "
        "vn/86-old/858/29623",
        "'vn/86/28921' takes over from bodies under several others (vn/83: 4, vn/86-old: 1); look at "
        "vn/86-old/860/29734",
        "'vn/86/29734' takes over from bodies under several others (vn/86-old: 3, vn/83: 1); look at vn/83/838/28924",
    ]


def test_an_inventory_includes_the_units_and_is_shown_under_either_tree(tmp_path: Path) -> None:
    (tmp_path / "units.yaml").write_text((FOLDER / "vn-units-2025.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(
        "schema: ipv6check.inventory/1\ninclude: [units.yaml]\nassets:\n"
        "  - {kind: domain, agency: vn/83/829/28759, name: phuong8.example.vn}\n"
        "  - {kind: domain, agency: vn/83/829, name: thanhpho.example.vn}\n",
        encoding="utf-8",
    )
    inventory = open_inventory(own)
    listed = [asset.agency for asset in inventory]
    after = Roster(inventory.agencies.values(), day=FIRST, today=FIRST)
    before = Roster(inventory.agencies.values(), day=LAST, today=FIRST)
    assert [before.home(agency) for agency in listed] == ["vn/83/829/28759", "vn/83/829"]
    # The ward went into Phú Khương; districts are no more, so the city's asset is the new province's.
    assert [after.home(agency) for agency in listed] == ["vn/86/28756", "vn/86"]
    assert after.tree.by_id["vn/86/28756"].names == {"vi": "Phường Phú Khương"}
    assert not after.split & set(listed)


@pytest.mark.parametrize(
    ("units", "pairs", "message"),
    [
        ("commune,1,A,9\n", "", "the parent '9' of '1' is not listed"),
        ("commune,1,A,1\n", "", "the parent '1' of '1' is not listed, or is below it"),
        ("province,1,A,\nprovince,1,B,\n", "", "the code '1' is empty, has no name, or is there twice"),
        ("province,1,A,\n", "1,7,2,N,20,X\n", "the old unit '7' or its province is not in the list"),
        ("province,1,A,\ncommune,7,B,1\n", "1,7,2,N,20,X\n1,7,2,N,20,Y\n", "2/20 is called 'Y' here and 'X' before"),
    ],
)
def test_faults_of_the_tables_are_told_with_their_lines(tmp_path: Path, units: str, pairs: str, message: str) -> None:
    before, after = tmp_path / "u.csv", tmp_path / "p.csv"
    before.write_text(",".join(UNITS) + "\n" + units, encoding="utf-8")
    after.write_text(",".join(PAIRS) + "\n" + pairs, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        units_of(before, after, prefix="vn", first_day=FIRST)
    assert message in str(caught.value)


def test_a_pair_to_drop_that_is_not_there_and_a_missing_column_are_told(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="does not pair 1 with 2"):
        made(("1", "2"))
    with pytest.raises(Problems, match="has no column old_province_code"):
        units_of(BEFORE, BEFORE, prefix="vn", first_day=FIRST)
    with pytest.raises(Problems, match="cannot be read"):
        units_of(tmp_path / "none.csv", AFTER, prefix="vn", first_day=FIRST)


def agencies_file(tmp_path: Path, *entries: str) -> list[str]:
    path = tmp_path / "a.yaml"
    path.write_text("schema: ipv6check.inventory/1\nagencies:\n" + "".join(f"  - {one}\n" for one in entries))
    report = lint([path], today=FIRST)
    return [
        str(one).removeprefix(f"{path}:") for one in (*report.errors, *report.warnings) if "lists no" not in str(one)
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("valid_to: 2025-06-30, succeeded_by: [b]", "valid_from: 2025-07-01", None),
        ("valid_to: 2025-06-30, succeeded_by: [b]", "valid_from: 2025-07-02", "leaves a gap to its successor 'b'"),
        ("valid_to: 2025-06-30, succeeded_by: [b]", "valid_from: 2025-06-30", "overlaps with its successor 'b'"),
        ("succeeded_by: [b]", "valid_from: 2025-07-01", "has successors, but no last day"),
        ("valid_to: 2025-06-30, succeeded_by: [b]", "valid_to: 2025-01-01", "which ended on 2025-01-01"),
        ("valid_to: 2025-06-30", "valid_from: 2025-07-01", "ended without successor"),
        ("valid_to: 2025-06-30, succeeded_by: [c]", "valid_from: 2025-07-01", "the successor 'c' of 'a' is not"),
        ("valid_to: 2025-06-30, succeeded_by: [b]", "succeeded_by: [a]", "'a' is its own successor"),
    ],
)
def test_doubts_about_a_succession(tmp_path: Path, old: str, new: str, message: str | None) -> None:
    told = agencies_file(tmp_path, f"{{id: a, name: A, {old}}}", f"{{id: b, name: B, {new}}}")
    assert any(message in one for one in told) if message else told == []


def test_a_body_that_outlives_the_one_above_it_is_told(tmp_path: Path) -> None:
    told = agencies_file(
        tmp_path,
        "{id: a, name: A, valid_to: 2025-06-30, succeeded_by: [c]}",
        "{id: b, name: B, parent: a, valid_to: 2025-12-31, succeeded_by: [c]}",
        "{id: c, name: C}",
    )
    assert [one for one in told if "after the body above it" in one]
