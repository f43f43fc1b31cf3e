"""Every verdict of the installed command against the truth of the world it scanned."""

from collections.abc import Mapping, Sequence
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any

from tests.lab.lab import Lab
from tests.lab.plan import ROOT
from tests.lab.scanning import compare, few_of_each, scan, summary

_PARTS = ("DNS001", "ADR001", "HTTP001", "HTTP004")
"""What keeps a name of the lab from a network without IPv4: all zones are served over both families."""
_ROOTS = [word for server in ROOT for word in ("--root", server.v6)]


def test_every_verdict_is_true(lab: Lab, tmp_path: Path) -> None:
    outcome = scan(lab, tmp_path, *_ROOTS)
    assert outcome.code == 0, outcome.stderr
    wrong = compare(lab.truth(), outcome.verdicts)
    assert not wrong, summary(wrong)
    ready = {row["asset"]: _ready_without_ipv4(row["rules"]) for row in lab.truth()}
    assert set(ready.values()) == {"pass", "fail", "unknown"}
    assert {asset: outcome.verdicts[asset, "OFF003"][0] for asset in ready} == ready
    chosen = {
        row["asset"]: "fail" if row["rules"]["TCP001"] == ["fail"] or row["class"] == "onedead" else "pass"
        for row in lab.truth()
        if _has_both(row)
    }
    assert {asset: outcome.verdicts[asset, "LAT002"][0] for asset in chosen} == chosen
    swallowed = {row["asset"] for row in lab.truth() if row["class"] == "pmtu"}
    named = {asset for (asset, rule), (_, tag) in outcome.verdicts.items() if tag == "https-path-mtu-black-hole"}
    assert named == swallowed, "a path-MTU black hole, and nothing else, is named after its cause"


def test_servers_saw_every_name_at_its_own_address(lab: Lab, tmp_path: Path) -> None:
    """No connection of one name was used for another: nginx logs the address, the SNI and the Host it was given."""
    log = lab.directory / "access.log"
    log.write_bytes(b"")
    inventory = few_of_each(lab, tmp_path, 500, kinds=["healthy", "http500", "otherpage", "expired", "twin"])
    outcome = scan(lab, tmp_path, "--rules", "DNS001,HTTP", inventory=inventory)
    assert outcome.code == 0, outcome.stderr
    lines = [line.split() for line in log.read_text(encoding="utf-8").splitlines()]
    healthy = {row["asset"] for row in lab.truth() if row["class"] == "healthy"}
    assert healthy <= {host for _, _, _, host, *_ in lines}
    for address, port, sni, host, *_ in lines:
        assert sni == host or port != "443"
        assert _number_of(address) == int(host.removeprefix("www.").split(".")[0].rpartition("-")[2]), host


def test_delay_and_loss_change_no_verdict(far_lab: Lab, tmp_path: Path) -> None:
    """80 ms and 0.5 % of the packets lost on the way there and back: nothing is called broken for it."""
    outcome = scan(far_lab, tmp_path)
    assert outcome.code == 0, outcome.stderr
    wrong = compare(far_lab.truth(), outcome.verdicts)
    # Echo is asked twice and judged as information: two lost packets in a row are one in 40,000.
    told = [one for one in wrong if one.false and one.rule != "ICM001"]
    assert not told, summary(told)
    assert len({one.asset for one in wrong}) <= 1, summary(wrong)


def _ready_without_ipv4(true: Mapping[str, Sequence[str]]) -> str:
    """What the parts amount to: one that fails is enough, then one that is unknown."""
    said = {status for part in _PARTS for status in true[part]}
    return next(status for status in ("fail", "unknown", "pass") if status in said)


def _has_both(row: Mapping[str, Any]) -> bool:
    """True if a client may choose: there are addresses of both families, and nothing is open about them."""
    return row["class"] != "v6only" and set(row["rules"]["TCP001"]) <= {"pass", "fail"}


def _number_of(address: str) -> int:
    """The number of the name that has this address; see ``world.address6`` and ``address4``."""
    if ":" in address:
        groups = IPv6Address(address).exploded.split(":")
        return (int(groups[2], 16) << 16) + int(groups[3], 16)
    octets = [int(octet) for octet in address.split(".")]
    return (octets[1] << 16) + (octets[2] << 8) + octets[3] - 0x10000
