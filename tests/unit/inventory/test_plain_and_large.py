"""Plain lists, and lists too long to be held."""

import io
import sys
import tracemalloc
from pathlib import Path

from ipv6check.inventory.load import open_inventory
from ipv6check.inventory.seen import Seen
from ipv6check.model.asset import Kind


def test_one_target_a_line(write, errors) -> None:
    path = write(
        "a.txt", "# all of it\nexample.com  # the first\n\nhttps://a.example/#part\n2001:db8::1\nb c\nExample.com.\n"
    )
    assert errors(path) == [
        "a.txt:6: 'b c' holds a blank, so it is not one name; put remarks into a column of their own",
        "a.txt:7: the domain 'example.com' is listed twice, first on line 2",
    ]
    assert [asset.kind for asset in open_inventory(path, skip_invalid=True)] == [
        Kind.DOMAIN,
        Kind.APPLICATION,
        Kind.DEVICE,
    ]


def test_standard_input_is_a_plain_list(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a.example\nb.example\n")))
    inventory = open_inventory(Path("-"))
    assert [asset.origin.file for asset in inventory] == ["<stdin>", "<stdin>"]
    assert [asset.name for asset in inventory] == ["a.example", "b.example"]


def test_the_digest_is_of_the_content(write) -> None:
    one, same, other = (
        open_inventory(write(name, text)).digest
        for name, text in (("a.txt", "a.example\n"), ("b.txt", "a.example\n"), ("c.txt", "b.example\n"))
    )
    assert one == same != other


def test_other_formats_and_folders_are_refused(write, errors, tmp_path) -> None:
    assert "is not a format that is read" in errors(write("a.ods", b""))[0]
    assert "is a folder" in errors(tmp_path)[0]
    assert "cannot be read" in errors(tmp_path / "none.csv")[0]


def test_rows_are_not_kept(write) -> None:
    count = 20_000
    rows = "".join(f"host-{n}.unit.example.gov.vn,A,someone at desk {n}\n" for n in range(count))
    path = write("a.csv", "domain,agency,owner\n" + rows)
    open_inventory(write("warm.csv", "domain\na.example\n"))
    tracemalloc.start()
    try:
        inventory = open_inventory(path)
        seen = sum(1 for _ in inventory)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen == inventory.count == count
    # A kept row would cost some 600 octets; the tables of hashes take at most 64 and the file's chunk 3 MiB.
    assert peak < 64 * count + (4 << 20)


def test_first_places_are_found_again_while_the_table_grows() -> None:
    seen = Seen()
    assert all(seen.first(f"name {n}", n) is None for n in range(10_000))
    assert all(seen.first(f"name {n}", 0) == n for n in range(10_000))
