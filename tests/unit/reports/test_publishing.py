"""A published set: complete, linked within itself, replaced as a whole or not at all, and nobody's files are lost."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from ipv6check.model.agency import Agency
from ipv6check.model.trouble import Trouble
from ipv6check.reports.page.places import file_stem
from ipv6check.reports.registry import FORMATS
from ipv6check.wiring.reporting.publishing import Order, publish
from tests.unit.reports.test_formats import AGENCY, standing

ORDER = Order(languages=("vi", "en"), formats=("html", "csv"))


def put(folder: Path, order: Order = ORDER, one=None) -> int:
    return publish(one or standing(), [AGENCY], folder, order)


def test_a_set_has_every_file_its_manifest_lists_with_its_digest(tmp_path):
    count = put(tmp_path / "set")
    found = {path.relative_to(tmp_path / "set").as_posix() for path in (tmp_path / "set").rglob("*") if path.is_file()}
    manifest = json.loads((tmp_path / "set/manifest.json").read_text(encoding="utf-8"))
    assert found == {"manifest.json", *manifest["files"]}
    assert len(found) == count
    assert {"index.html", "index.en.html", "vi/whole.json", "en/whole.csv", "vi/agencies/so.html"} <= found
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((tmp_path / "set" / name).read_bytes()).hexdigest() == digest
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_every_link_leads_to_a_file_of_the_set(tmp_path):
    put(tmp_path / "set")
    for path in (tmp_path / "set").rglob("*.html"):
        for link in re.findall(r'href="([^"#]+)"', path.read_text(encoding="utf-8")):
            assert (path.parent / link).resolve().is_relative_to(tmp_path / "set")
            assert (path.parent / link).is_file(), link


def test_the_same_scan_gives_the_same_set(tmp_path):
    put(tmp_path / "a")
    put(tmp_path / "b")
    assert (tmp_path / "a/manifest.json").read_bytes() == (tmp_path / "b/manifest.json").read_bytes()


def test_a_new_set_replaces_the_old_one_and_leaves_nothing_of_it(tmp_path):
    put(tmp_path / "set")
    put(tmp_path / "set", Order(languages=("en",), formats=("markdown",)))
    assert not list((tmp_path / "set").rglob("*.html"))[2:]
    assert not (tmp_path / "set/vi").exists()
    assert (tmp_path / "set/en/agencies/so.md").is_file()


def test_a_set_that_breaks_leaves_the_old_one(tmp_path, monkeypatch):
    put(tmp_path / "set")
    before = (tmp_path / "set/manifest.json").read_bytes()

    def broken(standing, language):
        yield "half"
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(FORMATS, "markdown", broken)
    with pytest.raises(Trouble, match="No space left"):
        put(tmp_path / "set", Order(languages=("en",), formats=("markdown",)))
    assert (tmp_path / "set/manifest.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["set"]


def test_a_folder_with_files_of_others_is_refused(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("years of work")
    with pytest.raises(Trouble, match=r"thesis\.txt"):
        put(tmp_path / "mine")
    put(tmp_path / "set")
    (tmp_path / "set/vi/note.txt").write_text("mine")
    with pytest.raises(Trouble, match=r"vi/note\.txt"):
        put(tmp_path / "set")
    assert (tmp_path / "set/vi/note.txt").read_text() == "mine"


def test_an_id_cannot_leave_the_folder_and_two_ids_never_share_a_file(tmp_path):
    ids = ["../../etc/passwd", "vn/83", "VN/83", "vn-83", "", ".", "con/..", "a" * 300, "Sở", "so"]
    stems = [file_stem(one) for one in ids]
    assert len(set(stems)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9-]{1,80}", stem) for stem in stems)
    assert file_stem(file_stem("vn/83")) != file_stem("vn/83")
    evil = Agency(id="../../evil", names={"en": "<b>evil</b>"})
    put(tmp_path / "set", one=standing(agency=evil))
    assert {path.name for path in tmp_path.iterdir()} == {"set"}
    assert "<b>evil" not in (tmp_path / "set/index.html").read_text(encoding="utf-8")


def test_a_page_of_the_set_is_what_the_agency_alone_would_be_given(tmp_path):
    put(tmp_path / "set")
    page = (tmp_path / "set/en/agencies/so.csv").read_text(encoding="utf-8-sig")
    alone = "\n".join(FORMATS["csv"](replace(standing(), only_agencies=("so",)), "en")) + "\n"
    assert page.splitlines()[1].split(",")[:8] == alone.splitlines()[1].split(",")[:8]
