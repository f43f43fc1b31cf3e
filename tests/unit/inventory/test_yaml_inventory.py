"""Inventories in YAML: the whole format, and every fault with its line, all at once."""

from datetime import date

import pytest

from ipv6check.files.problem import Problems
from ipv6check.inventory.load import open_inventory
from ipv6check.model.asset import Kind, View

HEAD = "schema: ipv6check.inventory/1\n"

FULL = (
    HEAD
    + """\
mandate: vn-ben-tre-2025
agencies:
  - {id: vn/83, name: {vi: "Tỉnh Bến Tre"}, level: province, valid_to: 2025-06-30, succeeded_by: [vn/86]}
  - {id: vn/86, name: {vi: "Tỉnh Vĩnh Long"}, level: province, valid_from: 2025-07-01}
assets:
  - {id: portal, kind: application, agency: vn/83, name: Portal, targets: ["https://bentre.gov.vn/"], tags: [Portal]}
  - {kind: domain, agency: vn/83, name: bentre.gov.vn}
  - {kind: service, agency: vn/83, name: mail, targets: ["mail.example.vn:25/smtp"], tags: [mail]}
  - {kind: device, agency: vn/83, name: edge-1, targets: ["2001:db8::1"], role: Edge Router, view: internal}
  - {kind: network, agency: vn/83, name: office, targets: ["2001:db8:1::/48"], gateway: "2001:db8:1::1"}
  - kind: software
    agency: vn/86
    name: ERP
    weight: 2.5
    attestation: {document: "D", signer: "S", date: 2025-03-01, expires: 2026-03-01}
"""
)


def test_the_whole_format(write) -> None:
    path = write("a.yaml", FULL)
    inventory = open_inventory(path)
    assets = list(inventory)
    assert [asset.kind for asset in assets] == [
        Kind.APPLICATION,
        Kind.DOMAIN,
        Kind.SERVICE,
        Kind.DEVICE,
        Kind.NETWORK,
        Kind.SOFTWARE,
    ]
    assert inventory.mandate == "vn-ben-tre-2025"
    assert inventory.count == len(assets) == 6
    assert inventory.skipped == 0
    assert [asset.origin.line for asset in assets] == [7, 8, 9, 10, 11, 12]
    assert {asset.origin.file for asset in assets} == {str(path)}
    assert assets[0].id == "portal"
    assert assets[0].tags == ("portal",)
    assert assets[3].role == "edge-router"
    assert assets[3].view is View.INTERNAL
    assert assets[5].agency == "vn/86"
    assert assets[5].weight == 2.5
    assert assets[5].attestation.expires == date(2026, 3, 1)
    agency = inventory.agencies["vn/83"]
    assert (agency.name("vi"), agency.valid_to, agency.succeeded_by) == ("Tỉnh Bến Tre", date(2025, 6, 30), ("vn/86",))


def test_it_can_be_gone_through_again(write) -> None:
    inventory = open_inventory(write("a.yaml", FULL))
    assert list(inventory) == list(inventory)


def test_every_fault_is_told_at_once_with_its_line(write, errors) -> None:
    path = write(
        "a.yaml",
        HEAD
        + """\
agencies:
  - {id: x, name: X, parent: y}
  - {id: x, name: X}
assets:
  - {kind: toaster, name: a.example}
  - {kind: domain, name: "a b"}
  - {kind: domain, agency: z, name: b.example}
  - {kind: domain, name: c.example, nmae: c}
  - {kind: domain, name: c.example}
  - {kind: domain, name: C.EXAMPLE.}
  - {kind: service, name: s, targets: ["s.example:99999"]}
  - {name: d.example}
  - just text
""",
    )
    told = errors(path)
    assert told[0].startswith("a.yaml:4: the agency 'x' is declared twice")
    assert set(told[1:]) == {
        "a.yaml:8: the agency 'z' is not declared",
        "a.yaml:3: the parent 'y' of 'x' is not declared",
        "a.yaml:6: assets[1].kind must be 'domain', 'service', 'application', 'device', 'network' or 'software'",
        "a.yaml:7: 'a b' holds a blank, so it is not one name; put remarks into a column of their own",
        "a.yaml:9: assets[4].nmae is not a known field; did you mean 'name'?",
        "a.yaml:11: the domain 'c.example' is listed twice, first on line 10",
        "a.yaml:12: the port '99999' is not a whole number from 1 to 65535",
        "a.yaml:13: assets[8].kind is missing",
        "a.yaml:14: assets[9] must be a mapping of fields",
    }


def test_opening_raises_all_of_it(write) -> None:
    path = write("a.yaml", HEAD + "assets:\n  - {kind: domain, name: a b}\n  - {kind: domain, name: -x}\n")
    with pytest.raises(Problems) as caught:
        open_inventory(path)
    assert [problem.line for problem in caught.value.problems] == [3, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("schema: ipv6check.inventory/2\nassets: []", "a.yaml:1: schema must be 'ipv6check.inventory/1'"),
        ("assets: []", "a.yaml:1: schema is missing"),
        (HEAD + "asets: []", "a.yaml:2: asets is not a known field; did you mean 'assets'?"),
        (HEAD + "assets: {a: b}", "a.yaml:2: assets must be a list"),
        (HEAD + "agencies: [{id: a b, name: x}]", "a.yaml:2: agencies[1].id"),
        (HEAD + "agencies: [{id: a, name: {}}]", "a.yaml:2: agencies[1].name"),
        (
            HEAD + "assets: [{kind: domain, name: a.example, attestation: {document: d}}]",
            "attestation.signer is missing",
        ),
        (HEAD + "assets: [{kind: domain, name: a.example, expected_status: [999]}]", "expected_status[1]"),
        (HEAD + "assets: [{kind: domain, name: a.example, weight: -1}]", "weight"),
        ("- a", "a.yaml:1: the file must be a mapping of fields"),
    ],
)
def test_what_is_not_the_format(write, errors, text: str, message: str) -> None:
    assert any(message in error for error in errors(write("a.yaml", text)))


def test_empty_sections_are_fine_and_told(write, errors, warnings) -> None:
    path = write("a.yaml", HEAD + "agencies:\nassets:\n")
    assert errors(path) == []
    assert warnings(path) == ["a.yaml: lists no assets"]


def test_cycles_and_history_that_runs_backwards(write, errors) -> None:
    path = write(
        "a.yaml",
        HEAD
        + """\
agencies:
  - {id: a, name: A, parent: b}
  - {id: b, name: B, parent: a}
  - {id: c, name: C, succeeded_by: [c]}
  - {id: d, name: D, succeeded_by: [e, f]}
  - {id: f, name: F, valid_from: 2025-07-01, valid_to: 2025-06-30}
""",
    )
    assert errors(path) == [
        "a.yaml:6: the successor 'e' of 'd' is not declared",
        "a.yaml:7: 'f' ends on 2025-06-30, before it begins on 2025-07-01",
        "a.yaml:3: 'a' is its own parent: a → b → a",
        "a.yaml:5: 'c' is its own successor: c → c",
    ]


def test_a_merger_of_several_into_one_is_no_cycle(write, errors) -> None:
    agencies = "".join(f"  - {{id: c{n}, name: C{n}, succeeded_by: [new, other]}}\n" for n in range(4))
    path = write("a.yaml", HEAD + "agencies:\n" + agencies + "  - {id: new, name: N, succeeded_by: [other]}\n"
                 "  - {id: other, name: O}\n")  # fmt: skip
    assert errors(path) == []


def test_includes_stay_within_the_folder(write, errors, tmp_path) -> None:
    write("outside.yaml", HEAD)
    (tmp_path / "in").mkdir()
    (tmp_path / "in/link.yaml").symlink_to(tmp_path / "outside.yaml")
    path = write(
        "in/a.yaml",
        HEAD + 'include:\n  - ../outside.yaml\n  - /etc/passwd\n  - link.yaml\n  - none.yaml\n  - "more/b.csv"\n',
    )
    write("in/more/b.csv", "domain\na.example\n")
    assert [error.removeprefix("in/a.yaml:") for error in errors(path)] == [
        "3: includes '../outside.yaml', which is outside the folder of this file",
        "4: includes '/etc/passwd', which is outside the folder of this file",
        "5: includes 'link.yaml', which is outside the folder of this file",
        "6: includes 'none.yaml', which is not a file",
    ]


def test_an_include_that_comes_back_is_told(write, errors) -> None:
    first = write("a.yaml", HEAD + "include: [b.yaml]\n")
    write("b.yaml", HEAD + "include: [a.yaml]\n")
    assert errors(first) == ["b.yaml:2: includes 'a.yaml', which includes this file again"]


def test_included_tables_use_the_declared_agencies(write, errors) -> None:
    path = write("a.yaml", HEAD + "include: [b.csv]\nagencies: [{id: vn/83, name: {vi: Tỉnh Bến Tre}}]\n")
    write("b.csv", "domain,agency\na.example,vn/83\nb.example,tỉnh  bến tre\nc.example,\n")
    assert [asset.agency for asset in open_inventory(path)] == ["vn/83", "vn/83", ""]
    write("b.csv", "domain,agency\na.example,vn/38\n")
    assert errors(path) == ["b.csv:2: the agency 'vn/38' is not declared; did you mean 'vn/83'?"]


def test_two_mandates_do_not_mix(write, errors) -> None:
    paths = [write(f"{name}.yaml", HEAD + f"mandate: {name}\n") for name in "ab"]
    assert errors(*paths) == ["a.yaml: the files name different mandates: a, b"]


def test_the_same_target_needs_ids_under_two_agencies(write, errors) -> None:
    agencies = "agencies: [{id: a, name: A}, {id: b, name: B}]\nassets:\n"
    row = "  - {{kind: domain, agency: {agency}, name: x.example{id}}}\n"

    def both(first: str, second: str):
        return write("a.yaml", HEAD + agencies + row.format(agency="a", id=first) + row.format(agency="b", id=second))

    path = both("", "")
    assert errors(path) == [
        "a.yaml:5: the domain 'x.example' is listed for another agency too, on line 4; give each an id if both own it"
    ]
    path = write(
        "a.yaml", HEAD + agencies + row.format(agency="a", id=", id: 1") + row.format(agency="b", id=", id: 2")
    )
    assert errors(path) == []
    path = write(
        "a.yaml", HEAD + agencies + row.format(agency="a", id=", id: 1") + row.format(agency="b", id=", id: 1")
    )
    assert errors(path) == ["a.yaml:5: the id '1' is used before, on line 4"]


def test_suspicious_rows_are_warnings(write, errors, warnings) -> None:
    path = write(
        "a.yaml",
        HEAD
        + """\
assets:
  - {kind: device, name: a, targets: [10.0.0.1]}
  - {kind: device, name: b, targets: [10.0.0.2], view: internal}
  - {kind: domain, name: intranet}
  - {kind: application, name: old, targets: ["http://old.example/"]}
  - {kind: software, name: x}
  - {kind: software, name: y, attestation: {document: d, signer: s, date: 2025-01-01, expires: 2026-05-31}}
  - {kind: software, name: z, attestation: {document: d, signer: s, date: 2025-01-01, expires: 2026-06-01}}
  - {kind: network, name: n}
""",
    )
    assert errors(path) == []
    assert warnings(path) == [
        "a.yaml:3: 10.0.0.1 is not a public address; if the asset is meant for inside only, say view: internal",
        "a.yaml:5: 'intranet' has no dot, so what it means depends on the resolver's search list",
        "a.yaml:6: 'old' is asked over plain http only",
        "a.yaml:7: the software 'x' has no attestation, so it cannot become ready",
        "a.yaml:8: the attestation of 'y' expired on 2026-05-31",
        "a.yaml:10: the network 'n' has no prefix, so it can only fail or be attested",
    ]


def test_no_secret_of_a_url_is_repeated(write, errors) -> None:
    told = "\n".join(
        errors(
            write(
                "a.yaml",
                HEAD
                + """\
assets:
  - {kind: application, name: a, targets: ["https://u:hunter2@a.example/"]}
  - {kind: application, name: "https://u:hunter2@b.example/"}
  - {kind: service, name: c, targets: ["u:hunter2@c.example:25/smtp"]}
  - {kind: domain, name: "https://u:hunter2@d.example"}
  - {kind: "https://u:hunter2@e.example", name: e}
  - {kind: domain, name: e.example, weight: "hunter2@"}
""",
            )
        )
    )
    assert told.count("\n") == 5
    assert "hunter2" not in told
