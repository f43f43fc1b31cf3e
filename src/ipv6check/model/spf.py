"""What an SPF record says (RFC 7208): its terms, read strictly, and the names its macros expand to.

A syntax error anywhere makes the whole record one (section 4.6). Nothing here asks the DNS; ``probes.spf`` does what
the terms say.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
MOST_NAME = 253

_VERSION = re.compile(r"v=spf1(?: |\Z)", re.IGNORECASE)
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)\Z", re.IGNORECASE)
_DIRECTIVE = re.compile(r"([+?~-]?)([a-z0-9]+)(?::([^\s]*?))?((?:/[0-9]+)?(?://[0-9]+)?)\Z", re.IGNORECASE)
_CIDR = re.compile(r"(?:/(0|[1-9][0-9]?))?(?://(0|[1-9][0-9]{0,2}))?\Z")
_LENGTH = re.compile(r"(?:0|[1-9][0-9]{0,2})\Z")
_MACRO = re.compile(r"%\{([slodiphcrtv])([0-9]*)(r?)([.+,/_=-]*)\}", re.IGNORECASE)
_MACRO_STRING = re.compile(rf"(?:{_MACRO.pattern}|%[%_-]|[\x21-\x24\x26-\x7e])*\Z", re.IGNORECASE)
_TOP = re.compile(r"\.(?=[a-z0-9-]*[a-z-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.?\Z", re.IGNORECASE)
_WITH_DOMAIN = frozenset({"a", "mx", "ptr"})
_NEEDS_DOMAIN = frozenset({"include", "exists"})
_WITH_LENGTH = frozenset({"a", "mx"})


class Malformed(ValueError):
    """A syntax error (RFC 7208 section 4.6), with the term that has it."""


class SpfResult(StrEnum):
    """What a record says about an address (RFC 7208 section 2.6). UNTOLD: that depends on the message."""

    NONE = "none"
    NEUTRAL = "neutral"
    PASS = "pass"
    FAIL = "fail"
    SOFTFAIL = "softfail"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"
    UNTOLD = "untold"


RESULTS = {"+": SpfResult.PASS, "-": SpfResult.FAIL, "~": SpfResult.SOFTFAIL, "?": SpfResult.NEUTRAL}


@dataclass(frozen=True, slots=True)
class Term:
    """A mechanism with its result if it matches. ``domain`` is its domain-spec, macros and all; ``network`` that of
    ``ip4`` and ``ip6``; ``length4`` and ``length6`` the prefix lengths of ``a`` and ``mx``."""

    name: str
    result: SpfResult = SpfResult.PASS
    domain: str = ""
    network: IPv4Network | IPv6Network | None = None
    length4: int = 32
    length6: int = 128


@dataclass(frozen=True, slots=True)
class Record:
    """The mechanisms in their order, and where the record says to go on if none matches."""

    terms: tuple[Term, ...]
    redirect: str = ""


def is_spf(text: str) -> bool:
    """True for a TXT record that is an SPF record (section 4.5)."""
    return _VERSION.match(text) is not None


def parse(text: str) -> Record:
    """The record. Raises Malformed."""
    terms: list[Term] = []
    modifiers: dict[str, str] = {}
    for word in text.split(" ")[1:]:
        if not word:
            continue
        modifier = _MODIFIER.match(word)
        if modifier is None:
            terms.append(_directive(word))
            continue
        name, value = modifier[1].lower(), modifier[2]
        if not _MACRO_STRING.match(value):
            raise Malformed(word)
        if name in ("redirect", "exp"):
            if name in modifiers or not _is_domain(value, explains=name == "exp"):
                raise Malformed(word)
            modifiers[name] = value
    return Record(tuple(terms), modifiers.get("redirect", ""))


def _directive(word: str) -> Term:
    found = _DIRECTIVE.match(word)
    if found is None:
        raise Malformed(word)
    result, name, rest, lengths = RESULTS[found[1] or "+"], found[2].lower(), found[3], found[4]
    if name in ("ip4", "ip6"):
        return Term(name, result, network=_network(name, f"{rest or ''}{lengths}", word))
    if name == "all" and rest is None and not lengths:
        return Term(name, result)
    if name in _NEEDS_DOMAIN and rest and not lengths and _is_domain(rest):
        return Term(name, result, domain=rest)
    cidr = _CIDR.match(lengths)
    if name in _WITH_DOMAIN and cidr is not None and (name in _WITH_LENGTH or not lengths):
        length4, length6 = int(cidr[1] or 32), int(cidr[2] or 128)
        if length4 <= 32 and length6 <= 128 and (rest is None or _is_domain(rest)):
            return Term(name, result, domain=rest or "", length4=length4, length6=length6)
    raise Malformed(word)


def _network(name: str, text: str, word: str) -> IPv4Network | IPv6Network:
    address, slash, length = text.partition("/")
    if "%" in text or (slash and not _LENGTH.match(length)):
        raise Malformed(word)
    try:
        if name == "ip4":
            return IPv4Network((IPv4Address(address), int(length or 32)), strict=False)
        return IPv6Network((IPv6Address(address), int(length or 128)), strict=False)
    except ValueError:
        raise Malformed(word) from None


def _is_domain(text: str, *, explains: bool = False) -> bool:
    """True for a domain-spec (section 7.1): macro text that ends in a macro or in a top label."""
    if not _MACRO_STRING.match(text):
        return False
    macros = list(_MACRO.finditer(text))
    if any(found[2] and int(found[2][:4]) == 0 for found in macros):
        return False
    if not explains and any(found[1].lower() in "crt" for found in macros):
        return False
    ends_in_macro = text.endswith(("%%", "%_", "%-")) or bool(macros and macros[-1].end() == len(text))
    return ends_in_macro or _TOP.search(text) is not None


def expand(text: str, *, domain: str, sender_domain: str, address: Address | None) -> str | None:
    """The name a domain-spec stands for, or None if that depends on what is not known: the message's sender, the
    greeting, or the address where none is given (section 7.3)."""
    known = {"d": domain, "o": sender_domain}
    if address is not None:
        nibbles = address.exploded.replace(":", "") if isinstance(address, IPv6Address) else ""
        known["i"] = ".".join(nibbles) or str(address)
        known["v"] = "ip6" if nibbles else "in-addr"
    unknown = False

    def value(found: re.Match[str]) -> str:
        nonlocal unknown
        letter, digits, backwards, delimiters = found[1].lower(), found[2], found[3], found[4]
        if letter not in known:
            unknown = True
            return ""
        parts = re.split(f"[{re.escape(delimiters or '.')}]", known[letter])
        if backwards:
            parts.reverse()
        return ".".join(parts[-int(digits[:4]) :] if digits else parts)

    name = re.sub(_MACRO, value, text.replace("%%", "\0").replace("%_", " ").replace("%-", "%20")).replace("\0", "%")
    if unknown:
        return None
    name = name.rstrip(".").lower()
    while len(name) > MOST_NAME and "." in name:
        name = name.partition(".")[2]
    return name
