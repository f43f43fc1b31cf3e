"""ATT001: a paper with a name, a date, and time left."""

from datetime import date

import pytest

from ipv6check.checks.att001_attestation_missing import CHECK
from ipv6check.reports.messages import Messages
from tests.factories import attestation, document, judged, said


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([document()], "pass attestation-valid", id="valid"),
        pytest.param([document(attestation=attestation(reviewer=" "))], "pass attestation-unreviewed", id="unreviewed"),
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


def test_the_sentence_names_product_reviewer_and_expiry():
    paper = attestation(product="Docs", version="4.2", reviewer="Lê Thị B", expires=date(2026, 12, 31))
    told = Messages("en").say(judged(CHECK, document(attestation=paper)))
    assert "Docs 4.2" in told
    assert "Lê Thị B" in told
    assert "31 Dec 2026" in told


def test_a_paper_that_nobody_reviewed_says_so():
    told = Messages("en").say(judged(CHECK, document(attestation=attestation(reviewer=""))))
    assert "nobody has reviewed it" in told
