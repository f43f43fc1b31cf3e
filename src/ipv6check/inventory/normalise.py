"""Names, addresses, prefixes and ports in one canonical form each, so that the same thing is counted once.

Every function raises ``Malformed`` with a sentence for the person who wrote the file. No message quotes what may be a
password: whatever stands before an ``@`` and after a ``?`` is left out.
"""

import ipaddress
import re
import unicodedata

import idna

MAX_LABEL = 63
MAX_NAME = 253  # RFC 1035 2.3.4: 255 octets on the wire, so 253 characters without the final dot

# Underscores are legal in DNS (RFC 2181 11) and occur in real host names; certificates never match them.
_PLAIN_NAME = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?")
_NUMBER_LABEL = re.compile(r"(?:[0-9]+|0x[0-9a-f]*)")
# Interface names: at most 15 octets on Linux (IFNAMSIZ), and never one that reads as an option.
_ZONE = re.compile(r"[A-Za-z0-9_.:][A-Za-z0-9_.:-]{0,14}")
_LIKE_ADDRESS = re.compile(r"[0-9]+(?:\.[0-9]+){3}|[0-9a-fA-F]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*")
_LINK_LOCAL = ipaddress.ip_network("fe80::/10")


class Malformed(ValueError):
    """A value that cannot be a target; the text says why, without secrets."""


def shown(text: str) -> str:
    """The value as a message may quote it: printable, short, without user information and query."""
    visible = text.partition("?")[0]
    if "@" in visible:
        visible = "…@" + visible.rpartition("@")[2]
    return repr(visible if len(visible) <= 80 else visible[:79] + "…")


def clean(text: str) -> str:
    """NFC, without blanks around it (no-break space and zero-width marks included)."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text).strip().strip("\u200b\u200c\u200d\ufeff\u2060").strip()


def host_name(text: str) -> str:
    """A DNS name in lower case as A-labels without the final dot. Raises ``Malformed``."""
    name = text.strip().lower()
    if name.endswith("."):
        name = name[:-1]
    if not _PLAIN_NAME.fullmatch(name) or "xn--" in name:
        name = _encoded(name, text)
    if len(name) > MAX_NAME:
        raise Malformed(f"the name {shown(text)} is longer than {MAX_NAME} characters")
    if len(name) > MAX_LABEL and any(len(label) > MAX_LABEL for label in name.split(".")):
        raise Malformed(f"the name {shown(text)} has a label longer than {MAX_LABEL} characters")
    last = name[name.rfind(".") + 1 :]
    if last[0].isdigit() and _NUMBER_LABEL.fullmatch(last):
        raise Malformed(f"{shown(text)} ends in a number but is not an IPv4 address")
    return name


def _encoded(name: str, text: str) -> str:
    """The slow way: everything that is not plain lower-case letters, digits, hyphens and underscores."""
    if not name:
        raise Malformed("the name is empty")
    if re.search(r"\s", name):
        raise Malformed(f"{shown(text)} holds a blank, so it is not one name; put remarks into a column of their own")
    if name.startswith("-"):
        raise Malformed(f"{shown(text)} starts with a hyphen")
    if name.startswith("*"):
        raise Malformed(f"{shown(text)} is a wildcard; list the names that exist")
    if "/" in name or "\\" in name:
        raise Malformed(f"{shown(text)} holds a slash; write a URL (https://…) or the name alone")
    if len(name) > 4 * MAX_NAME:
        raise Malformed(f"the name {shown(text)} is longer than {MAX_NAME} characters")
    try:
        mapped = idna.uts46_remap(name, std3_rules=False, transitional=False)
    except idna.IDNAError:
        raise Malformed(f"{shown(text)} holds a character that no domain name may hold") from None
    if mapped.endswith(".") and not name.endswith("."):
        mapped = mapped[:-1]
    return ".".join(_label(label, text) for label in mapped.split("."))


def _label(label: str, text: str) -> str:
    if not label:
        raise Malformed(f"{shown(text)} has an empty part between dots")
    if label.isascii() and len(label) > MAX_LABEL:
        raise Malformed(f"the name {shown(text)} has a label longer than {MAX_LABEL} characters")
    if label.isascii() and not label.startswith("xn--"):
        if not _LABEL.fullmatch(label):
            raise Malformed(f"{shown(text)} is not a domain name: {shown(label)} is not allowed in one")
        return label
    try:
        # Both directions, so that a hand-made xn-- label that stands for nothing is found too.
        return idna.alabel(idna.ulabel(label)).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise Malformed(f"{shown(text)} is not a valid internationalised name") from None


def address(text: str) -> tuple[str, str]:
    """An IP literal in canonical form (RFC 5952) and its zone id, empty for none. Raises ``Malformed``.

    A link-local IPv6 address needs a zone id and nothing else may have one.
    """
    literal = text.strip()
    if literal.startswith("[") and literal.endswith("]"):
        literal = literal[1:-1]
    literal, percent, zone = literal.partition("%")
    if zone.startswith("25") and len(zone) > 2 and text.strip().startswith("["):
        zone = zone[2:]  # RFC 6874: in a URL the percent sign itself is written %25
    try:
        parsed = ipaddress.ip_address(literal)
    except ValueError:
        raise Malformed(f"{shown(text)} is not an IP address") from None
    is_link_local = parsed.version == 6 and parsed in _LINK_LOCAL
    if percent and not _ZONE.fullmatch(zone):
        raise Malformed(f"{shown(text)} has a zone id that is no interface name")
    if percent and not is_link_local:
        raise Malformed(f"{shown(text)} has a zone id but is not a link-local address")
    if is_link_local and not percent:
        raise Malformed(f"{shown(text)} is link-local and needs a zone id, such as fe80::1%eth0")
    return canonical(parsed), zone


def canonical(parsed: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    """RFC 5952 text; the v4-mapped form is written out because Python versions differ about it."""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return f"::ffff:{parsed.ipv4_mapped}"
    return str(parsed)


def looks_like_address(text: str) -> bool:
    """True if ``text`` is meant as an IP literal, right or wrong, with brackets and zone or without."""
    if ":" not in text and not text.lstrip()[:1].isdigit():
        return False  # most names, and a million of them are asked five times each
    bare = text.strip().strip("[]").partition("%")[0]
    return _LIKE_ADDRESS.fullmatch(bare) is not None


def host(text: str) -> tuple[str, str]:
    """A name or an address literal, and its zone id. Raises ``Malformed``."""
    return address(text) if looks_like_address(text) else (host_name(text), "")


def port(text: str) -> int:
    """A port from 1 to 65535; ``443.0``, as spreadsheets write it, is 443. Raises ``Malformed``."""
    digits = text.strip().removesuffix(".0")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 5 and 1 <= int(digits) <= 65535):
        raise Malformed(f"the port {shown(text)} is not a whole number from 1 to 65535")
    return int(digits)


def prefix(text: str) -> str:
    """A network prefix without host bits. Raises ``Malformed``, with the prefix that was probably meant."""
    try:
        return str(ipaddress.ip_network(text.strip()))
    except ValueError:
        pass
    try:
        meant = ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        raise Malformed(f"{shown(text)} is not a network prefix such as 2001:db8::/32") from None
    raise Malformed(f"{shown(text)} has bits set beyond its length; the prefix is {meant}")
