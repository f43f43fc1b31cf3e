"""The table of networks: the longest prefix names, and every fault is told with its line."""

from pathlib import Path

import pytest

from ipv6check.files.problem import Problems
from ipv6check.policies.networks import load_networks


def written(directory: Path, text: str) -> str:
    path = directory / "networks.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_longest_prefix_names(tmp_path: Path, delimiter: str):
    lines = ["# ours", "\ufeffName,Prefix", "VNPT,2a00::/16", '"Sở TTTT, Hà Nội",2a00:1::/32', "DNS,8.8.8.8"]
    text = "\n".join(lines[:1] + [line if '"' in line else line.replace(",", delimiter) for line in lines[1:]])
    if delimiter != ",":
        text = text.replace('"Sở TTTT, Hà Nội",', f'"Sở TTTT, Hà Nội"{delimiter}')
    networks = load_networks(written(tmp_path, text.replace("\ufeff", "")))
    assert networks.name("2a00:1::5") == "Sở TTTT, Hà Nội"
    assert networks.name("2a00:2::5") == "VNPT"
    assert networks.name("8.8.8.8") == "DNS"
    assert networks.name("2b00::1") == ""
    assert networks.name("no address") == ""


def test_no_file_names_nobody():
    assert not load_networks("")
    assert load_networks("").name("2a00::1") == ""


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 0, "empty"),
        ("net,owner\n", 1, "prefix and name"),
        ("prefix,name\n2a00::/16,A\n2a00::1/16,B\n", 3, "host bits"),
        ("prefix,name\n2a00::/16\n", 2, "a prefix and a name"),
        ("prefix,name\n\n2a00::/16,\n", 3, "a prefix and a name"),
    ],
)
def test_faults_have_lines(tmp_path: Path, text: str, line: int, says: str):
    with pytest.raises(Problems, match=says) as caught:
        load_networks(written(tmp_path, text))
    assert caught.value.problems[0].line == line


def test_a_missing_file_is_named(tmp_path: Path):
    with pytest.raises(Problems, match=r"nowhere\.csv"):
        load_networks(str(tmp_path / "nowhere.csv"))
