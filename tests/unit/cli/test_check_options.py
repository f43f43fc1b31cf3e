"""What ``check`` is told on the command line: read as it was meant, or refused with a sentence."""

import subprocess
from pathlib import Path

import pytest

from ipv6check.cli.duration import seconds
from ipv6check.inventory.load import open_inventory
from ipv6check.model.asset import Kind
from ipv6check.model.target import Protocol
from ipv6check.model.trouble import Trouble
from ipv6check.wiring.pipelines.changes import changed_since, spans_of
from ipv6check.wiring.pipelines.stating import stated_addresses
from ipv6check.wiring.pipelines.subjects import subjects_of_arguments


@pytest.mark.parametrize(("text", "expected"), [("90", 90), ("30s", 30), ("10m", 600), ("1.5h", 5400), (" 2M ", 120)])
def test_lengths_of_time(text, expected):
    assert seconds(text, "--wait") == expected


@pytest.mark.parametrize("text", ["", "0", "-1", "ten", "10 days", "1e9", "m"])
def test_what_is_no_length_of_time(text):
    with pytest.raises(Trouble, match="--wait"):
        seconds(text, "--wait")


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("https://a.example.vn/x", Kind.APPLICATION, ("a.example.vn", 443, Protocol.HTTPS)),
        ("a.example.vn", Kind.DOMAIN, ("a.example.vn", 443, Protocol.HTTPS)),
        ("ns1.example.vn/dns", Kind.SERVICE, ("ns1.example.vn", 53, Protocol.DNS)),
        ("[2a00::1]/ntp", Kind.SERVICE, ("2a00::1", 123, Protocol.NTP)),
        ("ssh://host.example.vn", Kind.SERVICE, ("host.example.vn", 22, Protocol.SSH)),
        ("mail.example.vn:25", Kind.SERVICE, ("mail.example.vn", 25, Protocol.TCP)),
        ("mail.example.vn:8443/https", Kind.SERVICE, ("mail.example.vn", 8443, Protocol.HTTPS)),
        ("[2a00::1]:8443/tls", Kind.SERVICE, ("2a00::1", 8443, Protocol.TLS)),
        ("2a00::1", Kind.DEVICE, ("2a00::1", 22, Protocol.TCP)),
        ("192.0.2.1", Kind.DEVICE, ("192.0.2.1", 22, Protocol.TCP)),
    ],
)
def test_every_kind_of_target(text, kind, first):
    (asset,) = subjects_of_arguments([text, text]).listed
    target = asset.targets[0]
    assert (asset.kind, (target.host, target.port, target.protocol)) == (kind, first)
    assert asset.origin is None


@pytest.mark.parametrize(
    "text",
    ["", "2001:db8::/32", "ftp://a.example.vn/x", "gopher://a.example.vn", "a b", "https://u:secret@a.example.vn/"],
)
def test_what_is_no_target(text):
    with pytest.raises(Trouble) as trouble:
        subjects_of_arguments([text])
    assert "secret" not in str(trouble.value)


def stated(resolve=(), address=(), targets=("https://a.example.vn/", "b.example.vn:25")):
    return stated_addresses(resolve, address, subjects_of_arguments(targets).listed)


def test_addresses_by_name_and_by_name_and_port():
    given = stated(["A.example.vn.=[2A00::1],2a00::2", "b.example.vn:25=192.0.2.7", "a.example.vn=2a00::1"])
    assert given == {"a.example.vn": ("2a00::1", "2a00::2"), "b.example.vn": ("192.0.2.7",)}
    assert stated(address=["2a00::9"], targets=["https://a.example.vn/", "a.example.vn:22"]) == {
        "a.example.vn": ("2a00::9",)
    }


@pytest.mark.parametrize(
    ("resolve", "address"),
    [
        (["a.example.vn"], []),
        (["a.example.vn="], []),
        (["a.example.vn=b.example.vn"], []),
        (["a.example.vn:25=2a00::1"], []),
        (["c.example.vn:443=2a00::1"], []),
        (["a.example.vn=fe80::1%eth0"], []),
        ([], ["2a00::1"]),
        ([], ["not-an-address"]),
    ],
)
def test_a_statement_that_would_not_be_used_as_meant_is_refused(resolve, address):
    with pytest.raises(Trouble):
        stated(resolve, address)


DIFF = """\
diff --git a/x b/x
--- a/x
+++ b/x
@@ -1 +1 @@ heading @@ -9,9 +9,9 @@
-old
+new
@@ -4,0 +5,2 @@
+a
+b
@@ -9,3 +11,0 @@
-gone
"""


def test_the_spans_of_a_diff():
    assert spans_of(DIFF) == [(1, 1), (5, 6), (11, 11)]


INVENTORY = """\
schema: ipv6check.inventory/1
assets:
  - id: one
    kind: application
    targets: ["https://one.example.vn/"]
  - id: two
    kind: application
    targets: ["https://two.example.vn/"]
  - {id: three, kind: domain, name: three.example.vn}
"""


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.vn", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    path = tmp_path / "inventory.yaml"
    path.write_text(INVENTORY, encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return path


def changed(path: Path, revision: str = "HEAD") -> list[str]:
    assets = list(open_inventory(path).assets())
    return [asset.id for asset in changed_since(revision)(assets)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("", "", []),
        ("https://one.", "https://eins.", ["one"]),
        ("three.example.vn}", "drei.example.vn}", ["three"]),
        (
            "  - {id: three",
            "  - {id: four, kind: domain, name: four.example.vn}\n  - {id: three",
            ["four"],
        ),
        ("  - {id: three, kind: domain, name: three.example.vn}\n", "", ["two"]),
    ],
    ids=["nothing", "inside a block", "one line", "added", "removed: the one before the gap"],
)
def test_only_assets_whose_lines_changed(inventory: Path, before: str, after: str, expected: list[str]) -> None:
    inventory.write_text(INVENTORY.replace(before, after) if before else INVENTORY, encoding="utf-8")
    assert changed(inventory) == expected


def test_a_file_that_the_revision_lacks_changed_as_a_whole(inventory: Path) -> None:
    new = inventory.with_name("new.yaml")
    new.write_text(INVENTORY, encoding="utf-8")
    assert changed(new) == ["one", "two", "three"]


def test_a_revision_or_repository_that_is_not_there_is_a_sentence(inventory: Path, tmp_path_factory) -> None:
    for revision, says in (("no-such", "no such revision"), ("--output=x", "is not a revision")):
        with pytest.raises(Trouble, match=says):
            changed(inventory, revision)
    outside = tmp_path_factory.mktemp("outside") / "a.yaml"
    outside.write_text(INVENTORY, encoding="utf-8")
    with pytest.raises(Trouble, match="not in a git repository"):
        changed(outside)
