"""A merge adds, marks and tells; what people wrote, comments included, stays."""

from datetime import date

import pytest

from ipv6check.files.problem import Problem
from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.inventory.load import open_inventory
from ipv6check.model.trouble import Trouble
from ipv6check.sources.assembly import Mapped, assembled
from ipv6check.sources.harvest import Harvest
from ipv6check.wiring.imports.importing import merge_into

TODAY = date(2026, 11, 23)
MINE = """\
# kept by hand
schema: ipv6check.inventory/1
agencies:
  - id: syt   # health
    name: Sở Y tế
assets:
  # the portal
  - kind: domain
    name: portal.example.vn   # three times as important
    weight: 3
    targets:
      - https://portal.example.vn/home
  - {kind: domain, name: gone.example.vn, source: "zone example.vn", seen: 2026-01-01}  # was there
  - kind: device
    id: netbox-device-7
    name: edge
    targets: [192.0.2.7]
    source: zone example.vn
    vanished: 2026-02-02
  # the end
"""


def found(*names: str, agency: str = "", faults: int = 0, drafts: tuple[Draft, ...] = ()):
    harvest = Harvest("zone example.vn", "db.example")
    for name in names:
        harvest.add(Draft("db.example", 0, kind="domain", agency=agency, targets=[DraftTarget(name)]))
    for draft in drafts:
        harvest.add(draft)
    harvest.faults += [Problem("db.example", 1, "broken")] * faults
    return assembled([harvest], Mapped(), today=TODAY)


@pytest.fixture
def mine(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(MINE, encoding="utf-8")
    return path


def merge(path, import_, *update):
    return merge_into(path, import_, today=TODAY, update=frozenset(update))


def device(*targets: str) -> Draft:
    return Draft(
        "netbox", 0, id="netbox-device-7", kind="device", name="edge", targets=[DraftTarget(one) for one in targets]
    )


def test_new_names_are_added_and_everything_written_stays(mine):
    result = merge(mine, found("portal.example.vn", "new.example.vn", agency="Sở Y tế"))
    kept = [line for line in MINE.splitlines() if "gone" not in line]
    assert [line for line in kept if line not in result.text.splitlines()] == []
    assert mine.read_text(encoding="utf-8") == MINE
    mine.write_text(result.text, encoding="utf-8")
    by_name = {asset.name: asset for asset in open_inventory(mine)}
    assert by_name["new.example.vn"].agency == "syt"
    assert by_name["new.example.vn"].seen == TODAY
    assert by_name["portal.example.vn"].weight == 3
    assert [asset.name for asset in result.done.new] == ["new.example.vn"]
    assert result.done.new_agencies == []


def test_what_is_gone_is_marked_and_never_deleted_and_comes_back(mine):
    mine.write_text(merge(mine, found("new.example.vn")).text, encoding="utf-8")
    gone = {asset.name: asset.vanished for asset in open_inventory(mine)}
    assert gone["gone.example.vn"] == TODAY
    assert gone["portal.example.vn"] is None
    assert gone["edge"] == date(2026, 2, 2)
    back = merge(mine, found("new.example.vn", "gone.example.vn"))
    mine.write_text(back.text, encoding="utf-8")
    assert {asset.name: asset.vanished for asset in open_inventory(mine)}["gone.example.vn"] is None
    assert [asset.name for asset in back.done.returned] == ["gone.example.vn"]


@pytest.mark.parametrize("import_", [found(), found("new.example.vn", faults=1)])
def test_a_source_that_was_not_read_whole_marks_nothing(mine, import_):
    result = merge(mine, import_)
    assert result.done.vanished == []
    assert result.done.unmarked == ("zone example.vn",)


def test_merging_twice_changes_nothing_more(mine):
    import_ = found("portal.example.vn", "new.example.vn", agency="A new body")
    once = merge(mine, import_).text
    mine.write_text(once, encoding="utf-8")
    again = merge(mine, import_)
    assert again.text == once
    assert (again.done.new, again.done.new_agencies, again.done.vanished) == ([], [], [])


def test_a_field_that_people_wrote_wins_unless_the_source_may(mine):
    import_ = found(drafts=(device("2001:db8::7"),))
    kept = merge(mine, import_)
    (difference,) = kept.done.differing
    assert "2001:db8::7" in difference.message
    assert difference.line == 14
    assert "targets: [192.0.2.7]" in kept.text
    taken = merge(mine, import_, "targets")
    assert 'targets: ["2001:db8::7"]' in taken.text
    assert taken.done.differing == []


def test_missing_fields_are_filled(mine):
    draft = device("192.0.2.7")
    draft.role = "router"
    result = merge(mine, found(drafts=(draft,)))
    assert '    role: "router"\n' in result.text
    assert "vanished: null" in result.text


@pytest.mark.parametrize(
    "layout",
    [
        "schema: ipv6check.inventory/1\n",
        "schema: ipv6check.inventory/1\nassets: []\n",
        "schema: ipv6check.inventory/1\nassets:   # nothing yet\n",
        "\ufeffschema: ipv6check.inventory/1\nassets:\n- kind: domain\n  name: a.example.vn\n  tags:\n  - x # why\n"
        "mandate: dual-stack",
        "schema: ipv6check.inventory/1\r\nassets:\r\n  - kind: domain\r\n    name: >-\r\n      a.example.vn\r\n\r\n",
    ],
)
def test_layouts(tmp_path, layout):
    path = tmp_path / "any.yaml"
    path.write_bytes(layout.encode())
    result = merge(path, found("a.example.vn", "new.example.vn", agency="Sở Y tế"))
    path.write_bytes(result.text.encode())
    after = {asset.name: asset.agency for asset in open_inventory(path)}
    assert after["new.example.vn"] == "so-y-te"
    assert set(after) == {"a.example.vn", "new.example.vn"}
    assert ("# why" in layout) == ("# why" in result.text)
    assert result.text.count("\r\n") == (result.text.count("\n") if "\r\n" in layout else 0)


def test_a_layout_that_cannot_be_edited_is_refused(tmp_path):
    path = tmp_path / "flow.yaml"
    path.write_text("schema: ipv6check.inventory/1\nassets: [{kind: domain, name: a.example.vn}]\n")
    with pytest.raises(Trouble, match="convert"):
        merge(path, found("new.example.vn"))


OFFICES = """\
schema: ipv6check.inventory/1
agencies:
  - {id: a, name: Ministry A}
  - {id: b, name: Ministry B}
  - {id: a-office, name: Office, parent: a}
assets: []
"""


def office(ministry: str) -> Draft:
    return Draft("x", 0, kind="domain", agency=ministry, bureau="Office", targets=[DraftTarget("o.example.vn")])


def test_an_office_of_one_body_is_not_that_of_another(tmp_path):
    path = tmp_path / "offices.yaml"
    path.write_text(OFFICES)
    assert merge(path, found(drafts=(office("Ministry A"),))).done.new[0].agency == "a-office"
    other = merge(path, found(drafts=(office("Ministry B"),)))
    assert other.done.new[0].agency == "ministry-b/office"
    assert [(one.id, one.parent) for one in other.done.new_agencies] == [("ministry-b/office", "b")]
    path.write_text(other.text)
    assert open_inventory(path).count == 1


def test_a_name_that_several_have_is_not_guessed(tmp_path):
    path = tmp_path / "offices.yaml"
    path.write_text(OFFICES.replace("assets", "  - {id: b-office, name: Office, parent: b}\nassets"))
    with pytest.raises(Trouble, match="a-office, b-office"):
        merge(path, found("o.example.vn", agency="Office"))


def test_a_root_is_preferred_where_offices_have_its_name(tmp_path):
    path = tmp_path / "offices.yaml"
    path.write_text(OFFICES.replace("assets", "  - {id: the-office, name: Office}\nassets"))
    assert merge(path, found("o.example.vn", agency="Office")).done.new[0].agency == "the-office"


def test_an_imported_name_that_people_refined_is_not_taken_for_gone(tmp_path):
    path = tmp_path / "refined.yaml"
    path.write_text(
        "schema: ipv6check.inventory/1\nassets:\n"
        "  - {kind: domain, name: a.example.vn, health: /status, source: zone example.vn}\n"
    )
    result = merge(path, found("a.example.vn"))
    assert (result.done.new, result.done.vanished, result.done.differing) == ([], [], [])
    assert "health: /status" in result.text


def test_the_last_asset_gets_its_fields_and_new_ones_come_after_it(tmp_path):
    path = tmp_path / "last.yaml"
    path.write_text("schema: ipv6check.inventory/1\nassets:\n- kind: domain\n  name: a.example.vn  # last\n")
    result = merge(path, found("a.example.vn", "b.example.vn"))
    path.write_text(result.text)
    assert [(one.name, one.seen) for one in open_inventory(path)] == [("a.example.vn", TODAY), ("b.example.vn", TODAY)]
    assert "a.example.vn  # last\n" in result.text


def test_another_encoding_is_refused_in_words(tmp_path):
    path = tmp_path / "utf16.yaml"
    path.write_bytes("schema: ipv6check.inventory/1\nassets: []\n".encode("utf-16"))
    with pytest.raises(Trouble, match="UTF-8"):
        merge(path, found("a.example.vn"))
