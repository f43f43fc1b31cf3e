"""Services that are asked once, over UDP, TCP or TLS: DNS, SIP, NTP and SNMP. One octet string goes out, and whatever
comes back is an answer to it or not."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from ipv6check.net.conversations.ber import element, integer, tlv
from ipv6check.net.conversations.talk import Told, refused, unexpected


@dataclass(frozen=True, slots=True)
class Question:
    """``octets`` are sent. ``answer`` reads a reply: what was told, or None for octets that are not to this question
    (a stray or forged datagram). It raises ``Broken`` for an answer that says no."""

    octets: bytes
    answer: Callable[[bytes], Told | None]


Ask = Callable[[str, str], Question]
"""Makes a new question from the other side's host and our own address."""

_RCODES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
_ROOT_NS = b"\0\0\2\0\1"


def dns(_host: str, _here: str) -> Question:
    """The name servers of the root. Whether a server tells them, or refuses to, is its own affair: it has answered."""
    number = secrets.token_bytes(2)

    def answer(heard: bytes) -> Told | None:
        if len(heard) < 12 or heard[:2] != number or not heard[2] & 0x80 or heard[2] & 0x78:
            return None
        if heard[4:6] == b"\0\1" and heard[12:17] != _ROOT_NS:
            return None
        rcode = heard[3] & 0x0F
        return Told(facts=(("rcode", _RCODES.get(rcode, str(rcode))),))

    return Question(number + b"\1\0\0\1\0\0\0\0\0\0" + _ROOT_NS, answer)


_KISSES_ABOUT_US = frozenset({"RATE", "DENY", "RSTR"})


def ntp(_host: str, _here: str) -> Question:
    """A client's packet (RFC 5905 section 7.3); the answer repeats its random time of departure."""
    nonce = secrets.token_bytes(8)

    def answer(heard: bytes) -> Told | None:
        if len(heard) < 48 or heard[24:32] != nonce or heard[0] & 0x07 != 4:
            return None
        stratum = heard[1]
        if stratum == 0:
            kiss = heard[12:16].decode("ascii", "replace").strip("\0 ")
            if kiss in _KISSES_ABOUT_US:
                raise refused(f"kiss-o'-death {kiss}".encode())
            return Told(facts=(("synchronised", "no"), ("kiss", kiss)))
        synchronised = heard[0] >> 6 != 3 and stratum < 16
        return Told(facts=(("synchronised", "yes" if synchronised else "no"), ("stratum", str(stratum))))

    return Question(b"\x23" + b"\0" * 39 + nonce, answer)


def snmp(_host: str, _here: str) -> Question:
    """SNMPv3 discovery (RFC 3414 section 4), which needs no secret and tells none but the engine's id."""
    number = secrets.randbelow(2**31 - 1) + 1
    security = tlv(0x30, tlv(0x04), integer(0), integer(0), tlv(0x04), tlv(0x04), tlv(0x04))
    scoped = tlv(0x30, tlv(0x04), tlv(0x04), tlv(0xA0, integer(number), integer(0), integer(0), tlv(0x30)))
    header = tlv(0x30, integer(number), integer(65_507), tlv(0x04, b"\4"), integer(3))

    def answer(heard: bytes) -> Told | None:
        try:
            outer = element(heard)
            version = element(heard, outer[1]) if outer else None
            head = element(heard, version[2]) if version else None
            told = element(heard, head[1]) if head else None
        except ValueError:
            return None
        if version is None or told is None or heard[version[1] : version[2]] != b"\3":
            return None
        same = int.from_bytes(heard[told[1] : told[2]]) == number
        return Told(facts=(("version", "3"),)) if same else None

    return Question(tlv(0x30, integer(3), header, tlv(0x04, security), scoped), answer)


def sip(host: str, here: str) -> Question:
    """OPTIONS (RFC 3261 section 11). Any final or provisional answer to our own branch will do."""
    branch = f"z9hG4bK{secrets.token_hex(8)}"
    at, us = (f"[{one}]" if ":" in one else one for one in (host, here))
    lines = (
        f"OPTIONS sip:{at} SIP/2.0",
        f"Via: SIP/2.0/UDP {us};branch={branch};rport",
        "Max-Forwards: 70",
        f"From: <sip:ipv6check@{us}>;tag={secrets.token_hex(4)}",
        f"To: <sip:{at}>",
        f"Call-ID: {secrets.token_hex(8)}",
        "CSeq: 1 OPTIONS",
        f"Contact: <sip:ipv6check@{us}>",
        "Accept: application/sdp",
        "Content-Length: 0",
    )

    def answer(heard: bytes) -> Told | None:
        if not heard.startswith(b"SIP/2.0 ") or branch.encode() not in heard:
            return None
        status = heard[8:11].decode("ascii", "replace")
        return Told(reply=heard.split(b"\r\n", 1)[0].decode("utf-8", "replace")[:255], facts=(("status", status),))

    return Question("\r\n".join((*lines, "", "")).encode(), answer)


def sip_over_stream(transport: str) -> Ask:
    """OPTIONS over TCP or TLS, which the Via field names."""

    def ask(host: str, here: str) -> Question:
        plain = sip(host, here)
        return Question(plain.octets.replace(b"SIP/2.0/UDP", f"SIP/2.0/{transport}".encode(), 1), plain.answer)

    return ask


def sip_whole(heard: bytes) -> int | None:
    """The head of an answer; OPTIONS has a body that nobody reads here."""
    if not b"SIP/2.0 ".startswith(heard[:8]) and not heard.startswith(b"SIP/2.0 "):
        raise unexpected(heard)
    end = heard.find(b"\r\n\r\n")
    return end + 4 if end >= 0 else None


def dns_whole(heard: bytes) -> int | None:
    """A message behind its length (RFC 1035 section 4.2.2)."""
    if len(heard) < 2:
        return None
    length = int.from_bytes(heard[:2]) + 2
    return length if len(heard) >= length else None
