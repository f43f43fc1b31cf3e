"""ATT001: a paper with a name, a date, and time left."""

from datetime import date

import pytest

from ipv6check.checks.att001_attestation_missing import CHECK
from tests.factories import attestation, document, said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([document()], "pass attestation-valid", id="valid"),
        pytest.param([document(attestation=None)], "fail attestation-missing", id="none"),
        pytest.param([document(attestation=attestation(signer=" "))], "fail attestation-incomplete", id="no-signer"),
        pytest.param([document(attestation=attestation(document=""))], "fail attestation-incomplete", id="no-document"),
        pytest.param(
            [document(attestation=attestation(date=date(2026, 6, 2)))], "fail attestation-future", id="future"
        ),
        pytest.param([document(attestation=attestation(date=date(2026, 6, 1)))], "pass attestation-valid", id="today"),
        pytest.param(
            [document(attestation=attestation(expires=date(2026, 6, 1)))], "pass attestation-valid", id="last-day"
        ),
        pytest.param(
            [document(attestation=attestation(expires=date(2026, 5, 31)))], "fail attestation-expired", id="day-after"
        ),
        pytest.param(
            [document(attestation=attestation(date=date(2025, 6, 1)))], "pass attestation-valid", id="365-days"
        ),
        pytest.param(
            [document(attestation=attestation(date=date(2025, 5, 31)))], "fail attestation-expired", id="366-days"
        ),
    ],
)
def test_truth_table(damage, says):
    assert said(CHECK, *damage) == says
