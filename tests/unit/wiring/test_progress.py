"""What a running scan concludes from what it has seen so far."""

import pytest

from ipv6check.engine.events import Judged
from ipv6check.model.asset import Asset, Kind
from ipv6check.model.result import AssetResult
from ipv6check.model.verdict import Status, Verdict
from ipv6check.wiring.progress import Progress

FUTURE = (Status.FAIL, "certificate-not-yet-valid")
VALID = (Status.PASS, "certificate-valid")
EXPIRED = (Status.FAIL, "certificate-expired")
UNSEEN = (Status.NOT_APPLICABLE, "no-certificate-seen")


def after(*seen: tuple[Status, str], pending: bool = False, times: int = 1) -> Progress:
    progress = Progress()
    for _ in range(times):
        for number, (status, tag) in enumerate(seen):
            name = f"n{number}.example.vn"
            result = AssetResult(
                asset=name, at=0.0, verdicts=(Verdict(rule="TLS001", status=status, tag=tag),), pending=pending
            )
            progress.take(Judged(Asset(id=name, kind=Kind.DOMAIN, name=name), result))
    return progress


@pytest.mark.parametrize(
    ("seen", "doubts"),
    [
        ([FUTURE] * 2 + [VALID] * 6, True),
        ([FUTURE] * 2 + [VALID] * 8, False),
        ([FUTURE] * 4, False),
        ([FUTURE] * 4 + [UNSEEN] * 9, False),
        ([EXPIRED] * 9, False),
    ],
    ids=["a quarter", "a fifth", "too few to tell", "what was not seen does not count", "expired is no matter of ours"],
)
def test_certificates_from_the_future_put_our_clock_in_doubt(seen, doubts):
    assert after(*seen).doubts_the_clock is doubts


def test_a_second_look_counts_no_certificate_twice():
    assert after(*[FUTURE] * 4, pending=True, times=2).certificates == 4


def test_an_asset_that_is_looked_at_twice_counts_once_and_as_it_was_seen_last():
    progress = after(EXPIRED, EXPIRED, VALID, pending=True)
    assert (progress.judged, progress.failed, progress.pending) == (3, 2, 3)
    for name, (status, tag) in zip(("n0.example.vn", "n1.example.vn"), (EXPIRED, VALID), strict=True):
        result = AssetResult(asset=name, at=1.0, verdicts=(Verdict(rule="TLS001", status=status, tag=tag),))
        progress.take(Judged(Asset(id=name, kind=Kind.DOMAIN, name=name), result))
    assert (progress.judged, progress.failed, progress.pending) == (3, 1, 1)
