"""CSV: what spreadsheets and registers write, and what is told when it cannot be read."""

import unicodedata

import pytest

from ipv6check.files.problem import Problems
from ipv6check.inventory.load import open_inventory
from ipv6check.model.asset import Kind

NAMES = ["Sở Y tế", "Ủy ban nhân dân huyện Mỏ Cày Nam", "Đài Phát thanh và Truyền hình", "Sở Tài nguyên và Môi trường"]


def rows(path, **options):
    inventory = open_inventory(path, **options)
    return [(asset.name, inventory.agencies[asset.agency].name("vi") if asset.agency else "") for asset in inventory]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_excel_dialects(write, encoding: str, delimiter: str) -> None:
    lines = (
        [delimiter.join(["Tên miền", "Cơ quan"])]
        if encoding[:5] == "utf-8" or encoding in ("utf-16", "utf-32")
        else [delimiter.join(["domain", "agency"])]
    )
    lines += [delimiter.join([f"a{n}.example", name]) for n, name in enumerate(NAMES)]
    path = write("a.csv", "\r\n".join(lines), encoding=encoding)
    assert rows(path) == [(f"a{n}.example", name) for n, name in enumerate(NAMES)]


def cp1258(text: str) -> bytes:
    """As a Vietnamese Windows writes it: some letters whole, the tone as a combining mark."""
    octets = b""
    for character in text:
        try:
            octets += character.encode("cp1258")
        except UnicodeEncodeError:
            base, *marks = unicodedata.normalize("NFD", character)
            if marks and unicodedata.combining(marks[0]) and marks[-1] not in "\u0300\u0301\u0303\u0309\u0323":
                marks = [marks[-1], *marks[:-1]]
            tone = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
            rest = [mark for mark in marks if mark not in tone]
            octets += unicodedata.normalize("NFC", base + "".join(rest)).encode("cp1258") + "".join(tone).encode(
                "cp1258"
            )
    return octets


def test_windows_1258_is_recognised_composed_and_told(write, warnings) -> None:
    text = "domain,agency\r\n" + "".join(f"a{n}.example,{name}\r\n" for n, name in enumerate(NAMES))
    path = write("a.csv", cp1258(text))
    assert rows(path) == [(f"a{n}.example", name) for n, name in enumerate(NAMES)]
    assert "was read as Windows-1258" in warnings(path)[0]


def test_an_encoding_can_be_named(write, errors) -> None:
    path = write("a.csv", "domain,agency\na.example,Görlitz\n", encoding="latin-1")
    assert rows(path, encoding="latin-1") == [("a.example", "Görlitz")]
    assert open_inventory(path, encoding="latin-1").digest != open_inventory(path, encoding="cp1258").digest
    assert errors(path, encoding="utf-8") == ["a.csv:2: is not utf-8 text from this line on"]
    assert errors(path, encoding="klingon") == ["a.csv: the encoding 'klingon' is not known"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"domain,agency\na.example,B\xe1\xba\xbfn Tre\nb.example,caf\xe9\n", "a.csv:3: is not UTF-8 on this line"),
        (b"domain\na.example\nb\x00.example\n", "a.csv:3: holds a NUL character"),
        (b"", "a.csv: is empty"),
        (b"\n\n# only comments\n", "a.csv: is empty"),
    ],
)
def test_octets_that_are_no_table(write, errors, content: bytes, message: str) -> None:
    assert message in errors(write("a.csv", content))[0]


def test_a_sep_line_decides_the_delimiter(write) -> None:
    assert rows(write("a.csv", "sep=;\r\ndomain;agency\r\na.example;A, B and C\r\n")) == [("a.example", "A, B and C")]


def test_one_column_needs_no_delimiter(write) -> None:
    assert rows(write("a.csv", "hostname\nanton.example\nnina.example\n")) == [
        ("anton.example", ""),
        ("nina.example", ""),
    ]


def test_comments_and_blank_lines_keep_the_count_of_lines(write, errors) -> None:
    path = write("a.csv", '# first\n\ndomain,owner,agency\n# second\na.example,"two\nlines",x\n\n,,\n-bad,,\n')
    assert errors(path) == [
        "a.csv:5: 'two\\nlines' holds a line break or another character that cannot be printed",
        "a.csv:9: '-bad' starts with a hyphen",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("domain,Domain\na.example,b\n", ["a.csv:1: the column 'Domain' is there twice"]),
        ("domain,URL\na.example,b\n", ["a.csv:1: the columns 'domain' and 'URL' mean the same (target)"]),
        ("colour,size\nred,1\n", [
            "a.csv:1: no column says what to check; "
            "one heading must be name, target, domain, host, url or address"
        ]),
        ("domain,agency\na.example,x,y\n", ["a.csv:2: has 3 cells, but the header has 2"]),
        ("domain,agency\na.example,x,,\n", []),
        ("domain,agency\na.example\n", []),
        ('domain,agency\na.example,"x\n', ["a.csv:2: opens a quote that is never closed"]),
        ('domain,agency\na.example,"x" y\nb c,d\n', [
            "a.csv:2: is not valid CSV: ',' expected after '\"'",
            "a.csv:3: 'b c' holds a blank, so it is not one name; put remarks into a column of their own",
        ]),
        ("domain,agency\n,x\n", ["a.csv:2: the row has neither a name nor a target"]),
        ("domain,kind\na.example,toaster\n", [
            "a.csv:2: the kind 'toaster' is not one of domain, service, application, device, network, software"
        ]),
        ("domain,expected status\na.example,20x\n", [
            "a.csv:2: expected status is a list of HTTP status codes from 100 to 599"
        ]),
        ("name,kind,document,signer,attestation date\nERP,software,d,s,1/3/2025\n", [
            "a.csv:2: '1/3/2025' is not a date such as 2025-12-31"
        ]),
        ("name,kind,document\nERP,software,d\n", ["a.csv:2: an attestation needs a document, a signer and a date"]),
    ],
)  # fmt: skip
def test_shapes(write, errors, content: str, told: list[str]) -> None:
    assert errors(write("a.csv", content)) == told


def test_an_endless_line_is_refused(write, errors) -> None:
    path = write("a.csv", b"domain\n" + b"a" * (20 << 20) + b"\n")
    assert errors(path) == ["a.csv:2: is a line longer than 1048576 characters"]


def test_an_endless_cell_is_a_faulty_row(write, errors) -> None:
    path = write("a.csv", 'domain\n"' + "a" * 200_000 + '"\nb.example\n')
    assert "a.csv:2: has a cell longer than" in errors(path)[0]
    assert [asset.name for asset in open_inventory(path, skip_invalid=True)] == ["b.example"]


def test_unknown_columns_are_told_and_known_noise_is_not(write, warnings) -> None:
    path = write("a.csv", "STT,domain,Ghi chú,Colour\n1,a.example,x,red\n")
    assert warnings(path) == ["a.csv:1: the column 'Colour' is not used"]


def test_every_column(write) -> None:
    path = write(
        "a.csv",
        "id,kind,agency,bureau,name,target,port,protocol,tags,view,weight,role,owner,expected status,send,expect\n"
        'm,dịch vụ,A,B,Mail,mail.example|mx.example,25;587.0,smtp,Mail;DNS,internal,"1,5",relay,IT,,EHLO x\\r\\n,250\n',
    )
    asset = next(iter(open_inventory(path)))
    assert (asset.id, asset.kind, asset.agency, asset.name) == ("m", Kind.SERVICE, "a/b", "Mail")
    assert [target.key for target in asset.targets] == [
        f"smtp://{host}:{port} 'EHLO x\\r\\n' '250'" for host in ("mail.example", "mx.example") for port in (25, 587)
    ]
    assert (asset.tags, asset.view, asset.weight, asset.role, asset.owner) == (
        ("mail", "dns"), "internal", 1.5, "relay", "IT",
    )  # fmt: skip


def test_duplicates_by_form_are_one_target(write, errors) -> None:
    path = write(
        "a.csv", "domain\nbücher.example\nXN--BCHER-KVA.example.\n b\u0075\u0308cher.example\u00a0\nBÜCHER.EXAMPLE\n"
    )
    assert errors(path) == [
        f"a.csv:{line}: the domain 'xn--bcher-kva.example' is listed twice, first on line 2" for line in (3, 4, 5)
    ]
    assert open_inventory(path, skip_invalid=True).count == 1


def test_invalid_rows_are_left_out_and_counted_on_demand(write) -> None:
    path = write("a.csv", "domain\na.example\nb c\nd.example\nA.example\n")
    with pytest.raises(Problems) as caught:
        open_inventory(path)
    assert caught.value.total == 2
    inventory = open_inventory(path, skip_invalid=True)
    assert [asset.name for asset in inventory] == ["a.example", "d.example"]
    assert (inventory.count, inventory.skipped, [one.line for one in inventory.faults]) == (2, 2, [3, 5])


def test_a_broken_header_cannot_be_skipped(write) -> None:
    with pytest.raises(Problems, match="no column says"):
        open_inventory(write("a.csv", "colour\nred\n"), skip_invalid=True)


def test_the_first_fifty_faults_are_kept_and_all_are_counted(write) -> None:
    path = write("a.csv", "domain\n" + "a b\n" * 1000)
    with pytest.raises(Problems) as caught:
        open_inventory(path)
    assert (len(caught.value.problems), caught.value.total) == (50, 1000)


def test_a_file_that_changes_is_noticed(write) -> None:
    path = write("a.csv", "domain\na.example\n")
    inventory = open_inventory(path)
    path.write_text("domain\na.example\nb.example\n")
    with pytest.raises(Problems, match="changed while"):
        list(inventory)


def test_a_formula_guard_is_taken_off(write) -> None:
    assert rows(write("a.csv", "domain,agency\na.example,'=1+1\nb.example,'s-Gravenhage\n")) == [
        ("a.example", "=1+1"),
        ("b.example", "'s-Gravenhage"),
    ]
