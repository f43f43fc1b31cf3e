"""Whatever stands in a file, reading it ends in a report and never in another exception."""

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ipv6check.inventory.load import lint, open_inventory

WORDS = [
    "schema: ipv6check.inventory/1\n", "assets:\n", "  - {", "}", "kind: domain", "name: ", "targets: [", "]", ", ",
    "agencies:\n", "id: a", "parent: a", "succeeded_by: [a]", "&x ", "*x", "!!int ", "<<: ", "'", '"', "# ", "\n",
    "https://a.example/", "a.example:25/smtp", "2001:db8::/32", "domain", "agency", "port", ";", ",", "\t", "|", "::1",
    "sep=;",     "\u00a0", "bücher.example", "\x00", "\x85", "\u2028", "\r", "fe80::1%eth0", "-x", "=1+1", "https://u:p@a.example/",
]  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=6)), max_size=30).map("".join)


@pytest.mark.parametrize("suffix", [".yaml", ".csv", ".txt"])
@settings(max_examples=150, deadline=None)
@given(
    content=st.one_of(
        st.binary(max_size=200), texts.map(lambda text: text.encode("utf-8", "surrogatepass")), texts.map(
            lambda text: ("schema: ipv6check.inventory/1\n" + text).encode("utf-8", "surrogatepass"))
    )
)  # fmt: skip
@example(content=b"A0")
@example(content=b"\xff\xfe")
@example(content=b"\xff\xfe\x00\xd8")
@example(content=b"domain\n\xff\n")
@example(content=b"schema: ipv6check.inventory/1\nassets: [{kind: domain, name: \xc2\x85}]")
def test_any_content_is_reported_on(suffix: str, content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(content)
        report = lint([path], today=date(2026, 1, 1))
        assert report.error_count >= len(report.errors)
        if not report.errors:
            inventory = open_inventory(path)
            assert sum(1 for _ in inventory) == inventory.count == report.assets


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_damaged_workbook_is_reported_on(data: st.DataObject) -> None:
    shipped = Path(__file__).parents[3] / "inventories" / "example.xlsx"
    octets = bytearray(shipped.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        path.write_bytes(bytes(octets))
        report = lint([path], today=date(2026, 1, 1))
        assert report.errors or report.assets <= 3
