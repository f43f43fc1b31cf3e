"""Any DNS message, read whole by dnspython: the judge of what the fast path does not touch.

dnspython takes 1 to 2.5 µs a label, and a pointer repeats a name of 127 labels in two octets: 64 kB can hold it for
seconds. So the labels are counted first, and a message that no question of ours can need is malformed unread.
"""

import struct

import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.rdtypes.svcbbase

from ipv6check.model.dns import DnsOutcome
from ipv6check.net.dns.wire import MOST_RECORDS, Contents, Question, Reply, conclude, read_plain

_WORDS = {
    1: DnsOutcome.FORMERR,
    2: DnsOutcome.SERVFAIL,
    4: DnsOutcome.NOTIMP,
    5: DnsOutcome.REFUSED,
    16: DnsOutcome.FORMERR,  # BADVERS: asked once more without EDNS, as FORMERR is
}
_IPV6_HINT = dns.rdtypes.svcbbase.ParamKey.IPV6HINT
_ALPN = dns.rdtypes.svcbbase.ParamKey.ALPN
_PORT = dns.rdtypes.svcbbase.ParamKey.PORT
_MOST_COST = 12_000  # labels, or octets of data: a TXT record of one-octet strings takes as long
_PER_RECORD = 8  # what a record costs beside its names, in labels
_LABELS_IN_DATA = {2: 127, 5: 127, 6: 254, 12: 127, 14: 254, 15: 127, 17: 254, 26: 254, 33: 127, 39: 127}
UNREADABLE = (dns.exception.DNSException, struct.error, ValueError, IndexError, KeyError, OverflowError)


def read(wire: bytes, question: Question) -> Reply:
    """What ``wire`` says about ``question``; the caller has matched the question."""
    if wire[2] & 2:
        return Reply(outcome=DnsOutcome.TRUNCATED)  # what a truncated message holds is not used (RFC 2181 section 9)
    return read_plain(wire, question) or read_whole(wire, question)


def read_whole(wire: bytes, question: Question) -> Reply:
    """The same by dnspython; MALFORMED for what it cannot read."""
    if is_costly(wire):
        return Reply(outcome=DnsOutcome.MALFORMED)
    try:
        message = dns.message.from_wire(wire)
        rcode = int(message.rcode())
        if rcode not in (0, 3):
            return Reply(outcome=word_of(rcode), authoritative=_is_aa(message))
        if not message.question:
            return Reply(outcome=DnsOutcome.MALFORMED)
        return conclude(question.name, _contents(message, question))
    except UNREADABLE:
        return Reply(outcome=DnsOutcome.MALFORMED)


def is_costly(wire: bytes) -> bool:
    """True if reading this message would take dnspython over about 30 ms; False where it would stop by itself."""
    questions, *counts = struct.unpack_from("!HHHH", wire, 4)
    if sum(counts) > MOST_RECORDS:
        return True
    cost, at = 0, 12
    try:
        for _ in range(questions):
            at = _skim(wire, at)[1] + 4
        for _ in range(sum(counts)):
            labels, at = _skim(wire, at)
            rdtype, _, _, length = struct.unpack_from("!HHIH", wire, at)
            at += 10 + length
            cost += _PER_RECORD + length + labels + _LABELS_IN_DATA.get(rdtype, 0)
            if cost > _MOST_COST:
                return True
    except (IndexError, struct.error):
        return False  # dnspython stops at the same place
    return False


def _skim(wire: bytes, at: int) -> tuple[int, int]:
    """How many labels the name at ``at`` has, and where it ends; what is no name counts as far as it was followed."""
    labels, end = 0, -1
    while labels < 128:
        length = wire[at]
        if length == 0:
            return labels, end if end >= 0 else at + 1
        if length >= 192:
            if end < 0:
                end = at + 2
            at = (length & 63) << 8 | wire[at + 1]
        else:
            at += length + 1
        labels += 1
    return labels, end if end >= 0 else at


def word_of(rcode: int) -> DnsOutcome:
    """The word for an error code."""
    return _WORDS.get(rcode, DnsOutcome.OTHER_RCODE)


def _is_aa(message: dns.message.Message) -> bool:
    return bool(message.flags & 0x0400)


def _contents(message: dns.message.Message, question: Question) -> Contents:
    found = Contents(
        nxdomain=int(message.rcode()) == 3, authoritative=_is_aa(message), recursive=bool(message.flags & 0x0080)
    )
    for rrset in message.answer:
        if rrset.rdclass != dns.rdataclass.IN:
            continue
        owner = text_of(rrset.name)
        if rrset.rdtype == question.rdtype_code:
            values, ttl = found.data.get(owner, ([], rrset.ttl))
            found.data[owner] = (values + [value_of(rdata) for rdata in rrset], min(ttl, rrset.ttl))
        elif rrset.rdtype == dns.rdatatype.CNAME:
            found.cnames[owner] = (text_of(rrset[0].target), rrset.ttl)
    for rrset in (*message.authority, *(r for r in message.answer if question.rdtype == "SOA")):
        if rrset.rdclass != dns.rdataclass.IN:
            continue
        if rrset.rdtype == dns.rdatatype.SOA and found.soa is None:
            found.soa = (text_of(rrset.name), min(rrset.ttl, rrset[0].minimum))
        elif rrset.rdtype == dns.rdatatype.NS:
            found.referral = True
    return found


def text_of(name: dns.name.Name) -> str:
    """Lower case, no final dot, anything unusual escaped: inert wherever it is printed."""
    return name.canonicalize().to_text(omit_final_dot=True) if name.labels != (b"",) else ""


def value_of(rdata: dns.rdata.Rdata) -> str:
    """Addresses as they are, the target of NS and PTR, ``PREFERENCE TARGET`` of MX, the primary's and the mailbox's
    name of SOA, ``PRIORITY TARGET`` and the IPv6 hints of HTTPS (RFC 9460 section 7.3), and ``h3=PORT`` if it offers
    HTTP/3 (0 for the port of the question). TXT is empty but for an SPF record, whose strings are joined (RFC 7208)."""
    if rdata.rdtype in (dns.rdatatype.NS, dns.rdatatype.PTR):
        return text_of(rdata.target)  # type: ignore[attr-defined]
    if rdata.rdtype == dns.rdatatype.MX:
        return f"{rdata.preference} {text_of(rdata.exchange) or '.'}"  # type: ignore[attr-defined]
    if rdata.rdtype == dns.rdatatype.SOA:
        return f"{text_of(rdata.mname) or '.'} {text_of(rdata.rname) or '.'}"  # type: ignore[attr-defined]
    if rdata.rdtype == dns.rdatatype.HTTPS:
        hints = rdata.params.get(_IPV6_HINT)  # type: ignore[attr-defined]
        words = [str(rdata.priority), text_of(rdata.target) or ".", *(hints.addresses if hints else ())]  # type: ignore[attr-defined]
        alpn, port = (rdata.params.get(key) for key in (_ALPN, _PORT))  # type: ignore[attr-defined]
        if alpn and b"h3" in alpn.ids:
            words.append(f"h3={port.port if port else 0}")
        return " ".join(words)
    if rdata.rdtype == dns.rdatatype.TXT:
        text = b"".join(rdata.strings)  # type: ignore[attr-defined]
        return text.decode("utf-8", "replace") if text[:6].lower() == b"v=spf1" else ""
    return rdata.to_text()
