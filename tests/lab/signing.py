"""DNSSEC for zones of the lab: one key, the same in every process that writes a parent or a child."""

from datetime import UTC, datetime
from enum import Enum

import dns.dnssec
import dns.dnssectypes
import dns.rdataset
import dns.rdtypes.ANY.DNSKEY
import dns.zone
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
_KEY_SIGNING = 257
_FROM, _TO = (
    datetime(2020, 1, 1, tzinfo=UTC),
    datetime(2087, 1, 1, tzinfo=UTC),
)  # less than 68 years on (RFC 4034 section 3.1.5)
_LONG_AGO = datetime(2021, 1, 1, tzinfo=UTC)
FORGED6 = "2d00:1:ffff::66"


def _public() -> dns.rdtypes.ANY.DNSKEY.DNSKEY:
    return dns.dnssec.make_dnskey(_KEY.public_key(), dns.dnssectypes.Algorithm.ED25519, flags=_KEY_SIGNING)


class Keys(Enum):
    """What there is of a zone's DNSSEC, and what of it does not hold."""

    NONE = "none"
    GOOD = "good"
    EXPIRED = "expired"  # every signature
    FORGED = "forged"  # the addresses of www are others than those that were signed
    STRANGE = "strange"  # the parent, or whoever has a trust anchor, knows another key


def ds_of(zone: str, keys: Keys = Keys.GOOD) -> str:
    """The DS record that the parent has for a signed zone."""
    record = str(dns.dnssec.make_ds(f"{zone}.", _public(), dns.dnssectypes.DSDigest.SHA256).to_text())
    return f"{record[:-4]}0000" if keys is Keys.STRANGE else record


def sign(name: str, text: str, keys: Keys = Keys.GOOD) -> str:
    """The zone file with keys, NSEC records and signatures."""
    zone = dns.zone.from_text(text, origin=f"{name}.", relativize=False)
    until = _LONG_AGO if keys is Keys.EXPIRED else _TO
    dns.dnssec.sign_zone(zone, keys=[(_KEY, _public())], inception=_FROM, expiration=until)
    if keys is Keys.FORGED:
        www = zone.get_rdataset(f"www.{name}.", "AAAA")
        assert www is not None
        zone.replace_rdataset(f"www.{name}.", dns.rdataset.from_text("IN", "AAAA", www.ttl, FORGED6))
    return f"$ORIGIN {name}.\n$TTL 3600\n" + str(zone.to_text(relativize=False))
