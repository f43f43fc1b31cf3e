"""TLS: every kind of bad certificate and broken handshake has its word, and no HTTP follows it."""

import asyncio
import ssl
from datetime import UTC, datetime, timedelta

import pytest
import trustme

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.dialer import PinnedDialer
from tests.loopback.web.conftest import NAME, AlertingServer, Farm, FreeRoad, server_context, web

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
DAY = timedelta(days=1)
NOW = datetime.now(UTC)


def certificate(kind: str, ca: trustme.CA) -> ssl.SSLContext:
    match kind:
        case "expired":
            return server_context(ca.issue_cert(NAME, not_before=NOW - 9 * DAY, not_after=NOW - DAY))
        case "future":
            return server_context(ca.issue_cert(NAME, not_before=NOW + DAY, not_after=NOW + 9 * DAY))
        case "wrong-name":
            return server_context(ca.issue_cert("other.test"))
        case "wildcard-too-deep":
            return server_context(ca.issue_cert("*.portal.test", "*.test.test"))
        case "unknown-root":
            return server_context(trustme.CA().issue_cert(NAME))
        case "missing-intermediate":
            return leaf_only(ca.create_child_ca().issue_cert(NAME))
        case "expired-and-unknown":
            return server_context(trustme.CA().issue_cert(NAME, not_before=NOW - 9 * DAY, not_after=NOW - DAY))
    raise AssertionError(kind)


def leaf_only(cert: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with trustme.Blob(cert.private_key_pem.bytes() + cert.cert_chain_pems[0].bytes()).tempfile() as path:
        context.load_cert_chain(path)
    return context


@pytest.mark.parametrize(
    ("kind", "word", "matches"),
    [
        ("expired", Failure.CERTIFICATE_EXPIRED, True),
        ("future", Failure.CERTIFICATE_NOT_YET_VALID, True),
        ("wrong-name", Failure.CERTIFICATE_WRONG_NAME, False),
        ("wildcard-too-deep", Failure.CERTIFICATE_WRONG_NAME, False),
        ("unknown-root", Failure.CERTIFICATE_UNKNOWN_ISSUER, True),
        ("missing-intermediate", Failure.CERTIFICATE_UNKNOWN_ISSUER, True),
        ("expired-and-unknown", Failure.CERTIFICATE_EXPIRED, True),
    ],
)
async def test_a_bad_certificate_is_named_and_read_and_no_request_is_sent(
    kind: str, word: Failure, matches: bool, ca: trustme.CA, farm: Farm, dialer: PinnedDialer, road: FreeRoad
) -> None:
    port = await farm.serve(farm.answering(OK), context=certificate(kind, ca))
    touch = await dialer.touch(*web(port))
    assert touch.attempt.failure is word
    assert touch.attempt.phase is Phase.TLS
    assert touch.attempt.tcp_ms is not None
    assert touch.certificate is not None
    assert not touch.certificate.verified
    assert touch.certificate.name_matches is matches
    assert len(touch.certificate.sha256) == 64
    assert touch.http is None
    assert farm.requests == []
    assert touch.tls_version == "TLSv1.3"
    assert road.addresses == ["::1"]
    assert road.held == 0


async def test_where_openssl_leaves_no_certificate_behind_a_second_connection_reads_it(
    ca: trustme.CA, farm: Farm, dialer: PinnedDialer, road: FreeRoad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ipv6check.net.journey.leaf_seen", lambda tls: (None, ""))
    port = await farm.serve(farm.answering(OK), context=certificate("wrong-name", ca))
    touch = await dialer.touch(*web(port))
    assert touch.attempt.failure is Failure.CERTIFICATE_WRONG_NAME
    assert touch.certificate is not None
    assert touch.tls_version == "TLSv1.3"
    assert farm.requests == []
    assert road.addresses == ["::1", "::1"]
    assert road.held == 0


async def test_a_self_signed_certificate_is_named(farm: Farm, dialer: PinnedDialer, own_root: ssl.SSLContext) -> None:
    port = await farm.serve(farm.answering(OK), context=own_root)
    touch = await dialer.touch(*web(port))
    assert touch.attempt.failure is Failure.CERTIFICATE_SELF_SIGNED
    assert touch.certificate is not None
    assert touch.certificate.subject == touch.certificate.issuer == NAME
    assert farm.requests == []


@pytest.fixture
def own_root() -> ssl.SSLContext:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - DAY)
        .not_valid_after(NOW + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + made.public_bytes(serialization.Encoding.PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with trustme.Blob(pem).tempfile() as path:
        context.load_cert_chain(path)
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_modern_versions_pass_and_are_recorded(
    version: ssl.TLSVersion, good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer
) -> None:
    context = server_context(good)
    context.minimum_version = context.maximum_version = version
    port = await farm.serve(farm.answering(OK), context=context)
    touch = await dialer.touch(*web(port))
    assert touch.attempt.failure is None
    assert touch.tls_version == {ssl.TLSVersion.TLSv1_2: "TLSv1.2", ssl.TLSVersion.TLSv1_3: "TLSv1.3"}[version]
    assert touch.certificate is not None
    assert touch.certificate.verified
    assert NAME in touch.certificate.names
    assert touch.certificate.not_before < NOW.timestamp() < touch.certificate.not_after


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1 is deprecated")
async def test_tls_1_0_is_refused_by_name(good: trustme.LeafCert, dialer: PinnedDialer) -> None:
    context = server_context(good)
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
    with AlertingServer(context) as port:
        touch = await dialer.touch(*web(port))
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.TLS_VERSION, Phase.TLS)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_server_that_wants_our_certificate_is_named(
    version: ssl.TLSVersion, ca: trustme.CA, good: trustme.LeafCert, dialer: PinnedDialer
) -> None:
    context = server_context(good)
    context.minimum_version = context.maximum_version = version
    context.verify_mode = ssl.CERT_REQUIRED
    ca.configure_trust(context)
    with AlertingServer(context) as port:
        touch = await dialer.touch(*web(port))
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.CLIENT_CERTIFICATE_REQUIRED, Phase.TLS)


async def test_the_name_is_sent_as_sni_without_its_final_dot(
    ca: trustme.CA, good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer
) -> None:
    names: list[str | None] = []
    right = server_context(good)
    context = server_context(ca.issue_cert("default.test"))

    def choose(connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        names.append(name)
        if name == NAME:
            connection.context = right

    context.sni_callback = choose
    port = await farm.serve(farm.answering(OK), context=context)
    touch = await dialer.touch(*web(port, name=f"{NAME}."))
    assert touch.attempt.failure is None
    assert names == [NAME]
    assert f"\r\nHost: {NAME}:{port}\r\n".encode() in farm.requests[0]


async def test_a_literal_is_verified_as_an_address_without_sni(
    ca: trustme.CA, good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer
) -> None:
    names: list[str | None] = []
    context = server_context(good)
    context.sni_callback = lambda connection, name, settings: names.append(name)
    port = await farm.serve(farm.answering(OK), context=context)
    touch = await dialer.touch(*web(port, name="::1"))
    assert touch.attempt.failure is None
    assert names == [None]
    assert f"\r\nHost: [::1]:{port}\r\n".encode() in farm.requests[0]
    other = await farm.serve(farm.answering(OK), context=server_context(ca.issue_cert(NAME)))
    assert (await dialer.touch(*web(other, name="::1"))).attempt.failure is Failure.CERTIFICATE_WRONG_NAME


async def test_plain_http_on_a_tls_port_is_not_tls(farm: Farm, dialer: PinnedDialer) -> None:
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        await reader.read()

    port = await farm.serve(plain)
    touch = await dialer.touch(*web(port))
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.TLS_MALFORMED, Phase.TLS)


async def test_tls_service_succeeds_after_the_handshake(
    good: trustme.LeafCert, farm: Farm, dialer: PinnedDialer
) -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        farm.requests.append(await reader.read(100))

    port = await farm.serve(silent, context=server_context(good, alpn="imap"))
    target = Target(host=NAME, port=port, protocol=Protocol.TLS)
    touch = await dialer.touch(Endpoint(name=NAME, address="::1", port=port), target)
    assert (touch.attempt.failure, touch.attempt.phase) == (None, Phase.TLS)
    assert touch.certificate is not None
    assert touch.attempt.http_ms is None


async def test_a_handshake_alert_is_named(good: trustme.LeafCert, dialer: PinnedDialer) -> None:
    context = server_context(good)
    context.sni_callback = lambda connection, name, settings: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    with AlertingServer(context) as port:
        touch = await dialer.touch(*web(port))
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.TLS_ALERT, Phase.TLS)
    assert "unrecognized_name" in touch.attempt.detail
