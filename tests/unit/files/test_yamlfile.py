"""YAML files: strings with lines, limits, refusals, and every fault at once."""

import textwrap
from pathlib import Path

import pytest

from ipv6check.files.problem import Problem, ProblemLog, Problems
from ipv6check.files.schema import Day, FileModel, validate
from ipv6check.files.yamlfile import parse_yaml, read_yaml


class Thing(FileModel):
    id: str
    count: int = 0
    starts: Day | None = None
    on: bool = False


class Things(FileModel):
    things: list[Thing] = []


def parse(text: str):
    return parse_yaml(textwrap.dedent(text).encode(), file="t.yaml")


def refused(text: str | bytes) -> list[str]:
    octets = text if isinstance(text, bytes) else textwrap.dedent(text).encode()
    with pytest.raises(Problems) as caught:
        validate(parse_yaml(octets, file="t.yaml"), Things)
    return [str(problem) for problem in caught.value.problems]


def test_scalars_stay_text() -> None:
    document = parse("{a: 10:20, b: no, c: 0777, d: 1.10, e: 2025-03-01, f: on, g: 1e3, h: .nan}")
    assert document.value == {
        "a": "10:20",
        "b": "no",
        "c": "0777",
        "d": "1.10",
        "e": "2025-03-01",
        "f": "on",
        "g": "1e3",
        "h": ".nan",
    }


def test_only_plain_null_is_none() -> None:
    assert parse("{a: , b: ~, c: null, d: 'null', e: ''}").value == {
        "a": None,
        "b": None,
        "c": None,
        "d": "null",
        "e": "",
    }


def test_every_entry_and_item_knows_its_line() -> None:
    document = parse("""\
        # a comment
        things:
          - id: one
            count: 3
          -
            id: two
        """)
    assert document.line("things") == 2
    assert document.line("things", 0, "count") == 4
    assert document.line("things", 1, "id") == 6
    assert document.line("things", 1, "absent") == document.line("things", 1)
    assert document.line("nowhere") == 1


def test_pydantic_types_the_text() -> None:
    document = parse("things: [{id: 0777, count: 12, starts: 2025-03-01, on: yes}]")
    thing = validate(document, Things).things[0]
    assert (thing.id, thing.count, str(thing.starts), thing.on) == ("0777", 12, "2025-03-01", True)


def test_all_faults_come_at_once_in_file_order() -> None:
    assert refused("""\
        things:
          - id: a
            count: many
          - {count: 1}
          - id: b
            starts: 20250301
            cuont: 4
        sorts: []
        """) == [
        "t.yaml:3: things[1].count: input should be a valid integer, unable to parse string as an integer",
        "t.yaml:4: things[2].id is missing",
        "t.yaml:6: things[3].starts: a date is written as 2025-12-31",
        "t.yaml:7: things[3].cuont is not a known field",
        "t.yaml:8: sorts is not a known field",
    ]


def test_a_near_miss_is_named() -> None:
    assert refused("thing: []") == ["t.yaml:1: thing is not a known field; did you mean 'things'?"]


def test_a_value_is_never_quoted() -> None:
    assert "hunter2" not in "".join(refused("things: [{id: a, count: hunter2, starts: hunter2, on: hunter2}]"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("things: []\nthings: []", "t.yaml:2: 'things' is given twice, first on line 1"),
        ("things: []\n---\nthings: []", "t.yaml:2: holds more than one document"),
        ("things: !!python/object/apply:os.system ['true']", "tags are not allowed"),
        ("things: !!str x", "tags are not allowed"),
        ("things: !foo x", "tags are not allowed"),
        ("a: &a {id: x}\nthings: [{<<: *a}]", "t.yaml:2: uses the merge key"),
        ("? [a, b]\n: c", "as a key"),
        ("a: &a x\n*a : y", "alias as a key"),
        ("things: *nothing", "t.yaml:1: refers to the anchor 'nothing', which is not defined before"),
        ("things: {host: ::1}", "put quotes around an IPv6 address"),
        ("things: [", "is not valid YAML"),
        ("things:\n\t- id: a", "t.yaml:2: is not valid YAML"),
        ("", "t.yaml: is empty"),
        ("# nothing\n", "t.yaml: is empty"),
        ("just text", "must be a mapping"),
        ("things: " + "[" * 40 + "]" * 40, "nested deeper than 32 levels"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(text: str, message: str) -> None:
    assert message in refused(text)[0]


def test_a_tag_executes_nothing(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    refused(f"things: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path ['{canary}']]")
    assert not canary.exists()


def test_nested_aliases_cannot_multiply() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    assert "through aliases" in refused("\n".join(lines))[0]


def test_an_alias_repeats_its_value() -> None:
    document = parse("base: &b [1, 2]\nagain: *b")
    assert document.value == {"base": ["1", "2"], "again": ["1", "2"]}
    assert document.line("again", 1) == 2


@pytest.mark.parametrize(
    ("octets", "message"),
    [
        (b"things: []\n# caf\xe9\n", "t.yaml:2: is not UTF-8 text"),
        (b"things: []\nx: \x00\n", "t.yaml:2: holds the control character U+0000"),
        (b"things: []\nx: \x1b[31m\n", "t.yaml:2: holds the control character U+001B"),
    ],
)
def test_octets_that_are_not_text_are_refused(octets: bytes, message: str) -> None:
    assert message in refused(octets)[0]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_understood(encoding: str) -> None:
    assert parse_yaml("a: Bến Tre".encode(encoding), file="t.yaml").value == {"a": "Bến Tre"}


def test_a_missing_file_is_one_problem_on_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "none.yaml"
    with pytest.raises(Problems) as caught:
        read_yaml(path)
    assert str(caught.value) == f"{path}: cannot be read: No such file or directory"


def test_the_digest_is_of_the_octets() -> None:
    assert parse("a: 1").digest == parse("a: 1").digest != parse("a:  1").digest


def test_the_first_fifty_are_shown_and_the_rest_counted() -> None:
    log = ProblemLog()
    log.extend(Problem("f", number, "bad") for number in range(1, 1001))
    with pytest.raises(Problems) as caught:
        log.raise_if_any()
    lines = str(caught.value).splitlines()
    assert (len(lines), lines[0], lines[-1]) == (51, "f:1: bad", "… and 950 more")
    assert caught.value.total == 1000


def test_an_empty_log_raises_nothing() -> None:
    ProblemLog().raise_if_any()
