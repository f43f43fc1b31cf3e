"""SMTP, submission, IMAP and POP3: greeting, capabilities, and STARTTLS where it is offered. No mail is sent, no login
tried."""

import re
from collections.abc import Sequence

from ipv6check.net.conversations.talk import Talk, Told, Whole, line, refused, text_of, unexpected

_REPLY = re.compile(rb"(?:[0-9]{3}-[^\n]*\n)*[0-9]{3}(?:[ \r][^\n]*)?\n")
_BEGUN = re.compile(rb"[0-9]{1,3}\Z|[0-9]{3}[- \r\n]")


def _smtp_reply(heard: bytes) -> int | None:
    """A reply of one line or more (RFC 5321 section 4.2.1)."""
    if heard and not _BEGUN.match(heard):
        raise unexpected(heard)
    found = _REPLY.match(heard)
    return found.end() if found else None


async def _smtp(talk: Talk, *, tls_now: bool, verify: bool) -> Told:
    """A greeting other than 220 is about us, or about now: servers refuse strangers' networks and peers of bad repute
    with 4xx and 5xx alike."""
    greeting = await talk.hear(_smtp_reply, slow=True)
    if not greeting.startswith(b"220"):
        raise refused(greeting) if greeting[:1] in b"45" else unexpected(greeting)
    offered = await talk.hear(_smtp_reply, say=f"EHLO {talk.own_name}\r\n".encode())
    if offered.startswith((b"4", b"52", b"53", b"55")):  # 50x: it does not know the command (RFC 5321 section 4.2.4)
        raise refused(offered)
    words = {one[4:].strip().upper() for one in offered.splitlines()} if offered.startswith(b"250") else set()
    facts = [("esmtp", "yes" if words else "no")]
    if not tls_now:
        facts.append(("starttls", "yes" if b"STARTTLS" in words else "no"))
        if b"STARTTLS" in words:
            ready = await talk.hear(_smtp_reply, say=b"STARTTLS\r\n")
            if ready.startswith(b"220"):
                await talk.start_tls(verify=verify)
            else:
                facts[-1] = ("starttls", text_of(ready)[:3])
    talk.say(b"QUIT\r\n")
    return Told(reply=text_of(greeting)[:255], facts=tuple(facts))


async def smtp(talk: Talk) -> Told:
    """Port 25: certificates are not verified, as between mail servers."""
    return await _smtp(talk, tls_now=False, verify=False)


async def submission(talk: Talk) -> Told:
    """Port 587: clients verify (RFC 8314)."""
    return await _smtp(talk, tls_now=False, verify=True)


async def submissions(talk: Talk) -> Told:
    """Port 465: TLS comes first."""
    return await _smtp(talk, tls_now=True, verify=True)


async def _imap(talk: Talk, *, tls_now: bool) -> Told:
    greeting = await talk.hear(line)
    words = greeting.upper().split()
    if len(words) < 2 or words[0] != b"*" or words[1] not in (b"OK", b"PREAUTH", b"BYE"):
        raise unexpected(greeting)
    if words[1] == b"BYE":
        raise refused(greeting)
    facts: Sequence[tuple[str, str]] = ()
    if not tls_now:
        told = await talk.hear(_tagged(b"a"), say=b"a CAPABILITY\r\n")
        offered = b"STARTTLS" in told.upper().split()
        facts = (("starttls", "yes" if offered else "no"),)
        if offered:
            ready = await talk.hear(_tagged(b"b"), say=b"b STARTTLS\r\n")
            if ready.splitlines()[-1].upper().startswith(b"B OK"):
                await talk.start_tls(verify=True)
            else:
                facts = (("starttls", "refused"),)
    talk.say(b"c LOGOUT\r\n")
    return Told(reply=text_of(greeting)[:255], facts=tuple(facts))


def _tagged(tag: bytes) -> Whole:
    """Lines up to the one that ends the command (RFC 9051 section 2.2.2)."""
    end = re.compile(rb"(?:\A|\n)" + tag + rb" [^\n]*\n", re.IGNORECASE)

    def whole(heard: bytes) -> int | None:
        found = end.search(heard)
        return found.end() if found else None

    return whole


async def imap(talk: Talk) -> Told:
    """Port 143."""
    return await _imap(talk, tls_now=False)


async def imaps(talk: Talk) -> Told:
    """Port 993."""
    return await _imap(talk, tls_now=True)


async def _pop3(talk: Talk, *, tls_now: bool) -> Told:
    greeting = await talk.hear(line)
    if not greeting.startswith(b"+OK"):
        raise refused(greeting) if greeting.startswith(b"-ERR") else unexpected(greeting)
    facts: Sequence[tuple[str, str]] = ()
    if not tls_now:
        told = await talk.hear(_listed, say=b"CAPA\r\n")
        offered = b"STLS" in told.upper().split()
        facts = (("starttls", "yes" if offered else "no"),)
        if offered:
            if (await talk.hear(line, say=b"STLS\r\n")).startswith(b"+OK"):
                await talk.start_tls(verify=True)
            else:
                facts = (("starttls", "refused"),)
    talk.say(b"QUIT\r\n")
    return Told(reply=text_of(greeting)[:255], facts=tuple(facts))


def _listed(heard: bytes) -> int | None:
    """A line that says no, or lines up to a single dot (RFC 1939 section 3)."""
    if heard.startswith(b"-"):
        return line(heard)
    end = heard.find(b"\r\n.\r\n")
    return end + 5 if end >= 0 else None


async def pop3(talk: Talk) -> Told:
    """Port 110."""
    return await _pop3(talk, tls_now=False)


async def pop3s(talk: Talk) -> Told:
    """Port 995."""
    return await _pop3(talk, tls_now=True)
