"""DNSSEC for zones of the lab: one key, the same in every process that writes a parent or a child."""

from datetime import UTC, datetime

import dns.dnssec
import dns.dnssectypes
import dns.rdtypes.ANY.DNSKEY
import dns.zone
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_KEY_SIGNING = 257
_FROM, _TO = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)


def _public() -> dns.rdtypes.ANY.DNSKEY.DNSKEY:
    return dns.dnssec.make_dnskey(_KEY.public_key(), dns.dnssectypes.Algorithm.ED25519, flags=_KEY_SIGNING)


def ds_of(zone: str) -> str:
    """The DS record that the parent has for a signed zone."""
    return str(dns.dnssec.make_ds(f"{zone}.", _public(), dns.dnssectypes.DSDigest.SHA256).to_text())


def sign(name: str, text: str) -> str:
    """The zone file with keys, NSEC records and signatures."""
    zone = dns.zone.from_text(text, origin=f"{name}.", relativize=False)
    dns.dnssec.sign_zone(zone, keys=[(_KEY, _public())], inception=_FROM, expiration=_TO)
    return f"$ORIGIN {name}.\n$TTL 3600\n" + str(zone.to_text(relativize=False))
