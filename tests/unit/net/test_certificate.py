"""What exactly is wrong with a certificate, from dates, name and chain together."""

from datetime import UTC, datetime, timedelta

import pytest
import trustme

from ipv6check.model.failure import Failure
from ipv6check.net.certificate import judge_unverified, matches_host

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
EXPIRED_CODE, UNKNOWN, SELF_SIGNED, WRONG_NAME, REVOKED = 10, 20, 18, 62, 23


def der(name: str, *, start: int, end: int) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    cert = trustme.CA().issue_cert(name, not_before=NOW + start * DAY, not_after=NOW + end * DAY)
    return x509.load_pem_x509_certificate(cert.cert_chain_pems[0].bytes()).public_bytes(Encoding.DER)


@pytest.mark.parametrize(
    ("name", "start", "end", "code", "word", "faults"),
    [
        ("a.test", -9, -1, EXPIRED_CODE, Failure.CERTIFICATE_EXPIRED, "expired"),
        ("a.test", -9, -1, UNKNOWN, Failure.CERTIFICATE_EXPIRED, "expired unknown_issuer"),
        ("b.test", -9, -1, EXPIRED_CODE, Failure.CERTIFICATE_EXPIRED, "expired wrong_name"),
        ("a.test", 1, 9, UNKNOWN, Failure.CERTIFICATE_NOT_YET_VALID, "not_yet_valid unknown_issuer"),
        ("b.test", -9, 9, WRONG_NAME, Failure.CERTIFICATE_WRONG_NAME, "wrong_name"),
        ("b.test", -9, 9, UNKNOWN, Failure.CERTIFICATE_WRONG_NAME, "wrong_name unknown_issuer"),
        ("a.test", -9, 9, SELF_SIGNED, Failure.CERTIFICATE_SELF_SIGNED, "self_signed"),
        ("a.test", -9, 9, UNKNOWN, Failure.CERTIFICATE_UNKNOWN_ISSUER, "unknown_issuer"),
        ("a.test", -9, 9, EXPIRED_CODE, Failure.CERTIFICATE_EXPIRED, "expired"),  # an intermediate's date
        ("a.test", -9, 9, REVOKED, Failure.CERTIFICATE_INVALID, "invalid"),
    ],
)
def test_words(name: str, start: int, end: int, code: int, word: Failure, faults: str) -> None:
    octets = der(name, start=start, end=end)
    failure, detail, certificate = judge_unverified(octets, host="a.test", verify_code=code, now=NOW.timestamp())
    assert (failure, detail) == (word, faults)
    assert certificate.names == (name,)
    assert certificate.name_matches == (name == "a.test")
    assert not certificate.verified
    assert certificate.not_after == (NOW + end * DAY).timestamp()


def test_what_cannot_be_parsed_keeps_the_word_of_openssl() -> None:
    failure, _, certificate = judge_unverified(b"\x30\x03junk", host="a.test", verify_code=UNKNOWN, now=0.0)
    assert failure is Failure.CERTIFICATE_UNKNOWN_ISSUER
    assert len(certificate.sha256) == 64


@pytest.mark.parametrize(
    ("names", "host", "match"),
    [
        (["a.test"], "A.test", True),
        (["*.test"], "a.test", True),
        (["*.test"], "b.a.test", False),
        (["*.test"], "test", False),
        (["*"], "test", False),
        (["a*.test"], "ab.test", False),
        (["2001:db8::1"], "2001:db8:0::1", True),
        (["2001:db8::1"], "2001:db8::2", False),
        (["*.1"], "192.0.2.1", False),
        ([], "a.test", False),
    ],
)
def test_names(names: list[str], host: str, match: bool) -> None:
    assert matches_host(names, host) is match
