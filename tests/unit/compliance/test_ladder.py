"""The ladder of a device: what is proven lifts it, what could not be tested leaves the place open."""

import pytest

from ipv6check.compliance.ladder import place_of
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.verdict import Status, Verdict

P, F, U, N = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE
DEVICE = Asset(id="d", kind=Kind.DEVICE, name="edge-1")


def told(**statuses):
    return [Verdict(rule=code, status=status, tag="tag") for code, status in statuses.items()]


WITHOUT_ADDRESS = Verdict(rule="DEV003", status=U, tag="seen-without-address")


@pytest.mark.parametrize(
    ("verdicts", "stands"),
    [
        pytest.param(told(DEV001=P, DEV002=F, DEV003=N), ("serving", True, "DEV001"), id="answers"),
        pytest.param(told(DEV001=F, DEV002=P, DEV003=P), ("addressed", True, "DEV003"), id="seen"),
        pytest.param(told(DEV001=U, DEV002=F, DEV003=P), ("addressed", False, "DEV003"), id="seen-untested"),
        pytest.param(told(DEV001=F, ICM001=P, DEV003=N), ("addressed", True, "ICM001"), id="echo"),
        pytest.param(told(DEV001=F, DEV002=P, DEV003=N, ICM001=F), ("capable", True, "DEV002"), id="documented"),
        pytest.param(told(DEV001=U, DEV002=P, DEV003=N), ("capable", False, "DEV002"), id="documented-untested"),
        pytest.param([*told(DEV001=F, DEV002=F), WITHOUT_ADDRESS], ("capable", False, "DEV003"), id="link-local"),
        pytest.param(told(DEV001=F, DEV002=F, ADR001=P, ICM001=F), ("capable", True, "ADR001"), id="named"),
        pytest.param(told(DEV001=F, ATT001=P), ("capable", True, "ATT001"), id="paper"),
        pytest.param(told(DEV001=F, DEV002=P, ICM001=U), ("capable", False, "DEV002"), id="echo-untested"),
        pytest.param(told(DEV001=F, DEV002=F, DEV003=N), ("none", True, "DEV001"), id="nothing"),
        pytest.param(told(DEV001=F, DEV002=F, DEV003=U), ("unknown", False, ""), id="stale"),
        pytest.param(told(DEV001=U, DEV002=F, DEV003=N), ("unknown", False, ""), id="untested"),
        pytest.param((), ("unknown", False, ""), id="not-scanned"),
    ],
)
def test_truth_table(verdicts, stands):
    place = place_of(DEVICE, verdicts)
    assert place is not None
    assert (place.rung.value, place.settled, place.rule) == stands


def test_only_devices_stand_on_it():
    assert place_of(Asset(id="n", kind=Kind.NETWORK, name="lan"), told(DEV001=P)) is None
