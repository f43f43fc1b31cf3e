"""Words for errors: the same errno is the path's or ours, depending on our own routing table."""

import errno
import ssl

import pytest

from ipv6check.model.failure import Failure, Phase
from ipv6check.net.classify import asked_for_certificate, stream_failure, tls_failure, verify_failure


def ssl_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, f"[SSL: {reason}] text (_ssl.c:1)")
    error.reason = reason
    return error


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (None, Failure.CLOSED),
        (ConnectionResetError(errno.ECONNRESET, ""), Failure.RESET),
        (BrokenPipeError(errno.EPIPE, ""), Failure.RESET),
        (TimeoutError(errno.ETIMEDOUT, ""), Failure.TIMEOUT),
        (OSError(errno.ENOBUFS, ""), Failure.LOCAL_RESOURCES),
        (OSError(errno.EHOSTUNREACH, ""), Failure.ADDRESS_UNREACHABLE),
        (RuntimeError("transport closed"), Failure.RESET),
    ],
)
def test_the_end_of_an_open_connection(error: Exception | None, failure: Failure) -> None:
    broken = stream_failure(error, Phase.HTTP)
    assert (broken.failure, broken.phase) == (failure, Phase.HTTP)


@pytest.mark.parametrize(
    ("reason", "received", "failure"),
    [
        ("TLSV1_ALERT_PROTOCOL_VERSION", b"\x15", Failure.TLS_VERSION),
        ("UNSUPPORTED_PROTOCOL", b"\x16", Failure.TLS_VERSION),
        ("WRONG_VERSION_NUMBER", b"HTTP/1.1", Failure.TLS_MALFORMED),
        ("SSLV3_ALERT_HANDSHAKE_FAILURE", b"\x15\x03\x03\x00\x02", Failure.TLS_ALERT),
        ("TLSV13_ALERT_CERTIFICATE_REQUIRED", b"", Failure.CLIENT_CERTIFICATE_REQUIRED),
        ("DECRYPTION_FAILED_OR_BAD_RECORD_MAC", b"\x16", Failure.TLS_MALFORMED),
    ],
)
def test_reasons_of_openssl(reason: str, received: bytes, failure: Failure) -> None:
    assert tls_failure(ssl_error(reason), Phase.TLS, received=received).failure is failure


def test_an_alert_that_python_has_no_name_for_is_read_from_its_text() -> None:
    error = ssl.SSLError(1, "[SSL] tlsv1 alert no application protocol (_ssl.c:1006)")
    error.reason = None  # type: ignore[assignment]
    broken = tls_failure(error, Phase.TLS, received=b"\x15")
    assert (broken.failure, broken.detail) == (Failure.TLS_ALERT, "tlsv1_alert_no_application_protocol")


def record(*messages: tuple[int, bytes]) -> bytes:
    body = b"".join(bytes([kind]) + len(octets).to_bytes(3) + octets for kind, octets in messages)
    return b"\x16\x03\x03" + len(body).to_bytes(2) + body


def test_a_certificate_request_is_found_in_plain_records_only() -> None:
    hello = (2, b"x" * 70)
    request = (13, b"\x01\x40\x00\x00")
    assert asked_for_certificate(record(hello) + record(request))
    assert asked_for_certificate(record(hello, request))
    assert not asked_for_certificate(record(hello))
    assert not asked_for_certificate(b"\x15\x03\x03\x00\x02\x02\x28")
    for cut in range(20):
        assert not asked_for_certificate(record(hello, request)[:cut])
    split = record(hello, request)[5:]
    halves = [b"\x16\x03\x03" + len(half).to_bytes(2) + half for half in (split[:75], split[75:])]
    assert asked_for_certificate(b"".join(halves))


def test_alert_after_a_certificate_request_blames_our_missing_certificate() -> None:
    received = record((2, b"x" * 70), (13, b"\x01\x40\x00\x00")) + b"\x15\x03\x03\x00\x02\x02\x28"
    broken = tls_failure(ssl_error("SSLV3_ALERT_HANDSHAKE_FAILURE"), Phase.TLS, received=received)
    assert broken.failure is Failure.CLIENT_CERTIFICATE_REQUIRED


def test_every_verify_code_is_a_certificate_word() -> None:
    assert {verify_failure(code).is_certificate for code in range(2, 100)} == {True}
    assert verify_failure(23) is Failure.CERTIFICATE_INVALID
