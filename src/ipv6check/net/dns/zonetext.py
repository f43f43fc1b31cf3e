"""Zones: master files (RFC 1035 section 5) and transfers over TCP (RFC 5936), optionally signed (RFC 8945)."""

import re
import socket

import dns.exception
import dns.message
import dns.name
import dns.node
import dns.query
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.tsig
import dns.tsigkeyring
import dns.xfr
import dns.zone

from ipv6check.model.record import Record
from ipv6check.model.trouble import Trouble

# A zone of a ministry has some thousand names; a register's zone is no inventory.
MOST_NAMES = 1_000_000
MOST_GENERATED = 65_536
_SOA = re.compile(r"^([^\s;]+\.)[ \t]+(?:\d+[dhms]?[ \t]+|IN[ \t]+)*SOA[ \t]", re.IGNORECASE | re.MULTILINE)
_ORIGIN = re.compile(r"^\$ORIGIN[ \t]+(\S+\.)", re.IGNORECASE | re.MULTILINE)
_GENERATE = re.compile(r"^\$GENERATE[ \t]+(\d+)-(\d+)(?:/(\d+))?", re.IGNORECASE | re.MULTILINE)
_ALGORITHMS = frozenset({"hmac-sha224", "hmac-sha256", "hmac-sha384", "hmac-sha512"})


class ZoneTrouble(Trouble):
    """A zone that cannot be read or transferred."""


class ZoneName(Record, frozen=True, kw_only=True):
    """One owner name (lower case, no final dot), the types it has, and where its MX and NS records point."""

    name: str
    types: frozenset[str]
    mail: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()


class Zone(Record, frozen=True, kw_only=True):
    """A whole zone; ``origin`` without the final dot."""

    origin: str
    serial: int
    names: tuple[ZoneName, ...]


class Key(Record, frozen=True, kw_only=True):
    """A TSIG key. It is never shown: ``repr`` would hold the secret, so it is left out."""

    name: str
    secret: str
    algorithm: str = "hmac-sha256"

    def __repr__(self) -> str:
        return f"Key(name={self.name!r})"


def parse_key(text: str) -> Key:
    """A key as ``tsig-keygen`` writes it, or ``[algorithm:]name:secret``. Raises ZoneTrouble without the text."""
    block = re.search(r'key\s+"?([^\s"{]+)"?\s*\{(.*?)\}', text, re.DOTALL)
    if block:
        algorithm = re.search(r'algorithm\s+"?([\w.-]+?)\.?"?\s*;', block[2])
        secret = re.search(r'secret\s+"?([A-Za-z0-9+/=]+)"?\s*;', block[2])
        parts = [algorithm[1] if algorithm else "hmac-sha256", block[1], secret[1] if secret else ""]
    else:
        parts = text.strip().split(":")
        parts = ["hmac-sha256", *parts] if len(parts) == 2 else parts
    if len(parts) != 3 or not all(parts):
        raise ZoneTrouble("the TSIG key is neither [algorithm:]name:secret nor a key { … } as BIND writes it")
    key = Key(algorithm=parts[0].lower().rstrip("."), name=parts[1], secret=parts[2])
    if key.algorithm not in _ALGORITHMS:
        raise ZoneTrouble(f"the TSIG algorithm is not one of {', '.join(sorted(_ALGORITHMS))}")
    try:
        dns.tsigkeyring.from_text({key.name: (key.algorithm, key.secret)})
    except (ValueError, dns.exception.DNSException):
        raise ZoneTrouble("the TSIG key has a name or a secret that is not valid (the secret is base64)") from None
    return key


def read_zone(text: str, *, file: str, origin: str = "") -> Zone:
    """The zone in a master file; ``origin`` where it names none. Refuses $INCLUDE. Raises ZoneTrouble."""
    apex = origin or next((found[1] for found in (_ORIGIN.search(text), _SOA.search(text)) if found), "")
    if not apex:
        raise ZoneTrouble(f"{file}: names no origin; give --origin ZONE")
    generated = sum(max(0, int(b[:9]) - int(a[:9]) + 1) // max(1, int(step[:9] or 1))
                    for a, b, step in _GENERATE.findall(text))  # fmt: skip
    if generated > MOST_GENERATED:
        raise ZoneTrouble(f"{file}: $GENERATE would make more than {MOST_GENERATED} names")
    try:
        name = dns.name.from_text(apex)
        zone = dns.zone.from_text(text, origin=name, relativize=False, check_origin=False, allow_include=False)
    except dns.exception.DNSException as fault:
        line = re.search(r"<string>:(\d+): (.*)", str(fault), re.DOTALL)
        place, why = (f"{file}:{line[1]}", line[2]) if line else (file, str(fault) or type(fault).__name__)
        raise ZoneTrouble(f"{place}: is not a zone file: {' '.join(why.split())[:200]}") from None
    except (ValueError, UnicodeError, RecursionError):
        raise ZoneTrouble(f"{file}: is not a zone file") from None
    return _zone(zone, name)


def transfer(zone: str, server: str, *, port: int = 53, key: Key | None = None, timeout_s: float = 60.0) -> Zone:
    """The whole zone from a name server, by AXFR over TCP, from the first address of ``server`` that gives it.

    ``timeout_s`` bounds the transfer from one address. Raises ZoneTrouble.
    """
    place = f"{zone} from {server}"
    try:
        name = dns.name.from_text(zone)
        places = list(dict.fromkeys(one[4][0] for one in socket.getaddrinfo(server, port, type=socket.SOCK_STREAM)))
    except (dns.exception.DNSException, UnicodeError):
        raise ZoneTrouble(f"{zone}: is not a zone name") from None
    except OSError as fault:
        raise ZoneTrouble(f"{server}: has no address: {fault.strerror}") from None
    why = "nothing answered"
    for address in places:
        built: dns.zone.Zone = dns.zone.Zone(name, relativize=False)
        query, _ = dns.xfr.make_query(built, keyring=None, serial=None)
        if key:
            ring = dns.tsigkeyring.from_text({key.name: (key.algorithm, key.secret)})
            query.use_tsig(ring, algorithm=key.algorithm)
        try:
            dns.query.inbound_xfr(str(address), built, query, port=port, timeout=10, lifetime=timeout_s)
        except dns.xfr.TransferError as fault:
            why = f"the server answers {dns.rcode.to_text(fault.rcode)}"
            if fault.rcode in (dns.rcode.REFUSED, dns.rcode.NOTAUTH):
                why += "; it must allow transfers to this machine or with this key"
            break
        except (dns.tsig.PeerError, dns.tsig.BadSignature, dns.tsig.BadTime, dns.message.UnknownTSIGKey):
            raise ZoneTrouble(f"{place}: the server does not accept the TSIG key, or its clock is off") from None
        except dns.exception.Timeout:
            why = f"no answer in time ({timeout_s:.0f} s)"
        except (dns.exception.DNSException, EOFError) as fault:
            why = f"the transfer broke off ({type(fault).__name__})"
        except OSError as fault:
            why = f"no connection: {fault.strerror or type(fault).__name__}"
        else:
            return _zone(built, name)
    raise ZoneTrouble(f"{place}: cannot be transferred: {why}")


def _zone(zone: dns.zone.Zone, origin: dns.name.Name) -> Zone:
    if len(zone.nodes) > MOST_NAMES:
        raise ZoneTrouble(f"the zone has more than {MOST_NAMES} names")
    serial = 0
    names = []
    for owner, node in zone.nodes.items():
        soa = node.get_rdataset(dns.rdataclass.IN, dns.rdatatype.SOA)
        serial = soa[0].serial if soa else serial
        names.append(
            ZoneName(
                name=_text(owner),
                types=frozenset(dns.rdatatype.to_text(one.rdtype) for one in node.rdatasets),
                mail=_pointed(node, dns.rdatatype.MX, "exchange"),
                servers=_pointed(node, dns.rdatatype.NS, "target"),
            )
        )
    return Zone(origin=_text(origin), serial=serial, names=tuple(sorted(names, key=lambda one: one.name)))


def _pointed(node: dns.node.Node, rdtype: dns.rdatatype.RdataType, field: str) -> tuple[str, ...]:
    """Where the records of one type point; ``.`` (a null MX, RFC 7505) is nowhere."""
    found = node.get_rdataset(dns.rdataclass.IN, rdtype)
    return tuple(name for one in found or () if (name := _text(getattr(one, field))))


def _text(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower().removesuffix(".")
