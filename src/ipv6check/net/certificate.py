"""Leaf certificates: what a verified one says, and what exactly is wrong with one that did not verify.

A verified certificate is read through OpenSSL's own dictionary (measured: 0.03 ms, and nothing for one seen before).
One that did not verify is parsed with ``cryptography``, imported only then (40 ms once): OpenSSL names the first
fault it met, and chain faults hide wrong dates and names.
"""

import hashlib
import ipaddress
import ssl
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ipv6check.model.contact import Certificate
from ipv6check.model.failure import Failure
from ipv6check.net.classify import verify_failure

if TYPE_CHECKING:
    from cryptography import x509

_REMEMBERED = 4096  # verified certificates kept, so that the second family costs a hash only
_TEXT = 256
_DER = 2  # OpenSSL's X509_FILETYPE_ASN1, as Python's own ssl module passes it
_NAMES = 100  # names of one certificate kept; some carry thousands
_UNREADABLE = (ValueError, TypeError, OverflowError)


class Certificates:
    """Reads certificates of verified connections, remembering them by hash for the life of a scan."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Certificate] = OrderedDict()

    def verified(self, tls: ssl.SSLObject) -> Certificate | None:
        """The leaf of a verified handshake; None if there is none."""
        der = tls.getpeercert(binary_form=True)
        if der is None:
            return None
        digest = hashlib.sha256(der).hexdigest()
        known = self._known.get(digest)
        if known is None:
            known = self._known[digest] = _from_dictionary(tls.getpeercert() or {}, digest)
            if len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)
        return known


def leaf_seen(tls: ssl.SSLObject) -> tuple[bytes | None, str]:
    """The leaf (DER) and the TLS version of a handshake that broke off because the certificate did not verify.

    OpenSSL keeps what the server sent, so that no second connection is needed, which may meet another server. Python
    says it openly from 3.13 on; without it, or if there was none, the leaf is None.
    """
    version = tls.cipher()
    spoken = "" if version is None else "TLSv1.3" if version[1] == "TLSv1.3" else "TLSv1.2"  # no other is offered
    inner = getattr(tls, "_sslobj", None)
    read = getattr(inner, "get_unverified_chain", None)
    chain = read() if read is not None else None
    return (chain[0].public_bytes(_DER) if chain else None), spoken


def _from_dictionary(fields: Any, digest: str) -> Certificate:  # noqa: ANN401 - typeshed has no shape for it
    names = tuple(value for kind, value in fields.get("subjectAltName", ()) if kind in ("DNS", "IP Address"))
    return Certificate(
        sha256=digest,
        not_before=float(ssl.cert_time_to_seconds(fields["notBefore"])) if "notBefore" in fields else 0.0,
        not_after=float(ssl.cert_time_to_seconds(fields["notAfter"])) if "notAfter" in fields else 0.0,
        subject=_common_name(fields.get("subject", ())),
        issuer=_common_name(fields.get("issuer", ())),
        names=tuple(name[:_TEXT] for name in names[:_NAMES]),
    )


def _common_name(parts: Any) -> str:  # noqa: ANN401 - nested tuples of OpenSSL
    pairs = [pair for part in parts for pair in part]
    for wanted in ("commonName", "organizationName"):
        for kind, value in pairs:
            if kind == wanted:
                return str(value)[:_TEXT]
    return ""


def judge_unverified(der: bytes, *, host: str, verify_code: int, now: float) -> tuple[Failure, str, Certificate]:
    """The word, every fault found in words, and the certificate of a handshake that did not verify.

    What the certificate itself says comes first (dates, then name), since it holds for every visitor; what the chain
    says depends on whom the vantage trusts. ``host`` as in ``tls.host_for_tls``, ``now`` in UTC seconds.
    """
    chain = verify_failure(verify_code)
    try:
        certificate, self_issued = _read(der, host)
    except _UNREADABLE:
        return chain, chain.value, Certificate(sha256=hashlib.sha256(der).hexdigest(), verified=False)
    faults = _own_faults(certificate, now)
    if chain is Failure.CERTIFICATE_UNKNOWN_ISSUER and self_issued:
        chain = Failure.CERTIFICATE_SELF_SIGNED
    if chain not in faults and not (chain is Failure.CERTIFICATE_WRONG_NAME and certificate.name_matches and faults):
        faults.append(chain)  # also an intermediate's dates, which the leaf does not show
    return faults[0], " ".join(fault.value.removeprefix("certificate_") for fault in faults), certificate


def judge_trusted(der: bytes, *, host: str, now: float) -> tuple[Failure | None, Certificate]:
    """The word for a certificate whose chain verified, None if nothing is wrong with its own dates and names."""
    try:
        certificate, _ = _read(der, host)
    except _UNREADABLE:
        return Failure.CERTIFICATE_INVALID, Certificate(sha256=hashlib.sha256(der).hexdigest(), verified=False)
    faults = _own_faults(certificate, now)
    return (faults[0], certificate) if faults else (None, replace(certificate, verified=True))


def read_unjudged(der: bytes, *, host: str) -> Certificate:
    """A certificate that nobody asked to be verified, for information. ``host`` as in ``tls.host_for_tls``."""
    try:
        return _read(der, host)[0]
    except _UNREADABLE:
        return Certificate(sha256=hashlib.sha256(der).hexdigest(), verified=False)


def _own_faults(certificate: Certificate, now: float) -> list[Failure]:
    faults = []
    if now > certificate.not_after:
        faults.append(Failure.CERTIFICATE_EXPIRED)
    if now < certificate.not_before:
        faults.append(Failure.CERTIFICATE_NOT_YET_VALID)
    if not certificate.name_matches:
        faults.append(Failure.CERTIFICATE_WRONG_NAME)
    return faults


def _read(der: bytes, host: str) -> tuple[Certificate, bool]:
    """The leaf as nobody has verified it, and whether it names itself as its issuer. Raises one of ``_UNREADABLE``."""
    from cryptography import x509  # only where a certificate is broken, or came over QUIC

    try:
        leaf = x509.load_der_x509_certificate(der)
        names = _alternative_names(leaf)
    except (x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise ValueError(str(error)) from None
    certificate = Certificate(
        sha256=hashlib.sha256(der).hexdigest(),
        not_before=leaf.not_valid_before_utc.timestamp(),
        not_after=leaf.not_valid_after_utc.timestamp(),
        subject=_name_text(leaf.subject),
        issuer=_name_text(leaf.issuer),
        names=tuple(name[:_TEXT] for name in names[:_NAMES]),
        name_matches=matches_host(names, host),
        verified=False,
    )
    return certificate, leaf.subject == leaf.issuer


def _name_text(name: "x509.Name") -> str:
    from cryptography.x509.oid import NameOID

    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        found = name.get_attributes_for_oid(oid)
        if found:
            value = found[0].value
            return (value if isinstance(value, str) else value.decode("latin-1"))[:_TEXT]
    return ""


def _alternative_names(leaf: "x509.Certificate") -> list[str]:
    """DNS names and addresses; the common name where there is no extension, as OpenSSL falls back to it."""
    from cryptography import x509

    try:
        extension = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        common = _name_text(leaf.subject)
        return [common] if common else []
    names = list(extension.get_values_for_type(x509.DNSName))
    return names + [str(address) for address in extension.get_values_for_type(x509.IPAddress)]


def matches_host(names: list[str], host: str) -> bool:
    """True if a certificate for ``names`` is one for ``host`` (RFC 9525): a wildcard is one whole left label."""
    try:
        wanted: object = ipaddress.ip_address(host)
    except ValueError:
        wanted = None
    host = host.lower()
    _, _, parent = host.partition(".")
    for name in names:
        if wanted is not None:
            try:
                if ipaddress.ip_address(name) == wanted:
                    return True
            except ValueError:
                continue
        elif name.lower().rstrip(".") == host or (parent and name.lower() == f"*.{parent}"):
            return True
    return False
