"""How ``check`` ends where nothing is reached: wrong use, wrong files, and what ``--fail-on`` makes of an unknown."""

import json

import pytest

OFFLINE = ("--resolver", "[::1]:9", "--dns-only", "--policy", "hasty.yaml")  # port 9: a resolver that is not there

HASTY = """\
schema: ipv6check.policy/1
id: hasty
timeouts: {dns_udp: [0.05], dns_tcp: 0.05}
retries: {servfail: [], local: [], second_look_s: null}
"""


@pytest.fixture(autouse=True)
def hasty(place):
    """A policy that wastes no time on a resolver that is not there."""
    (place / "hasty.yaml").write_text(HASTY, encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "nothing to check"),
        (["a b"], "blank"),
        (["a.example.vn", "-i", "x.yaml"], "not both"),
        (["a.example.vn", "--tag", "x"], "--tag"),
        (["a.example.vn", "--require", "NOPE001"], "NOPE001"),
        (["a.example.vn", "--wait", "soon"], "--wait soon"),
        (["a.example.vn", "--timeout", "0"], "--timeout 0"),
        (["a.example.vn", "--resolve", "a.example.vn"], "--resolve"),
        (["a.example.vn", "--baseline", "none.json"], "none.json"),
        (["a.example.vn", "-f", "nonsense"], "nonsense"),
        (["a.example.vn", "-f", "text", "-f", "junit"], "standard output"),
        (["a.example.vn", "-o", "no/such/folder/x"], "no/such/folder"),
        (["a.example.vn", "--mandate", "nowhere.yaml"], "nowhere.yaml"),
        (["-i", "missing.yaml"], "missing.yaml"),
    ],
)
def test_wrong_use_is_a_sentence_and_2(ask, arguments, says):
    done = ask("check", *arguments)
    assert done.returncode == 2, done.stderr
    assert says in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(("fail_on", "code"), [("fail", 3), ("unknown", 1), ("never", 0)])
def test_an_unknown_is_3_unless_told_otherwise(ask, fail_on, code):
    done = ask("check", "a.example.vn", *OFFLINE, "--lang", "en", "--fail-on", fail_on)
    assert done.returncode == code, done.stderr
    assert "Not proven" in done.stderr
    assert "unknown" in done.stdout


def test_an_address_of_ipv4_alone_fails_and_nothing_is_asked(ask, place):
    done = ask("check", "198.51.100.7", *OFFLINE, "-f", "json=out.json", "-f", "text")
    assert done.returncode == 1, done.stderr
    (asset,) = json.loads((place / "out.json").read_text(encoding="utf-8"))["assets"]
    assert asset["readiness"] == "not-ready"


def test_vietnamese_speaks_throughout(ask):
    done = ask("check", "a.example.vn", *OFFLINE, "--lang", "vi")
    assert "Chưa chứng minh được" in done.stderr
    assert "chưa xác định" in done.stdout


def test_a_report_of_a_stored_scan_takes_the_pipeline_formats(ask, place):
    done = ask("report", "-f", "sarif=a.sarif", "-f", "junit=a.xml", "-f", "codeclimate=a.json", "-f", "dotenv")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("IPV6CHECK_TOTAL=")
    assert json.loads((place / "a.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert (place / "a.xml").read_text(encoding="utf-8").startswith("<?xml")
