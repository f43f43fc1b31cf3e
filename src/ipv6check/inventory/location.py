"""URLs and ``host:port/protocol`` taken apart into a target, with everything canonical."""

import re
from urllib.parse import quote, urlsplit

from ipv6check.inventory.normalise import Malformed, address, host, looks_like_address, port, shown
from ipv6check.inventory.protocols import KNOWN, protocol, protocol_of_port
from ipv6check.model.target import Protocol, Target

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:/\[\]]+):(?P<port>[^:/]*)(?:/(?P<protocol>[^/]*))?")
_BRACKETED = re.compile(r"\[[^\]]*\]")
_MAX_URL = 2048
_WEB = frozenset({"http", "https"})
# What RFC 3986 allows in path and query, and the percent sign of what is already encoded.
_SAFE = "/?:@!$&'()*+,;=-._~%"


def is_url(text: str) -> bool:
    """True if ``text`` begins like a URL of any scheme."""
    return _URL.match(text) is not None


def is_web_url(text: str) -> bool:
    """True if ``text`` begins like a URL of the web."""
    return text[:8].lower().startswith(("http://", "https://"))


def is_host_port(text: str) -> bool:
    """True if ``text`` has the shape ``host:port`` or ``host:port/protocol``."""
    bare = text.partition("/")[0]
    return (bare.startswith("[") or not looks_like_address(bare)) and _HOST_PORT.fullmatch(text) is not None


def from_url(text: str) -> Target:
    """The target of an ``http`` or ``https`` URL, without fragment; ``ssh://host`` and its like are ``host/ssh``.
    Raises ``Malformed``; credentials are refused."""
    _refuse_oddities(text)
    scheme, _, rest = text.partition("://")
    word = scheme.lower()
    if word in KNOWN and word not in _WEB and "@" not in rest:
        bare = rest.removesuffix("/")
        if not bare or set("/?#") & set(bare):
            raise Malformed(
                f"{shown(text)} has a path, which {word} has not; write {word}://HOST or {word}://HOST:PORT"
            )
        return from_host_port(f"{bare}/{word}")
    try:
        parts = urlsplit(text)
        explicit = parts.port
        hostname = parts.hostname
    except ValueError:
        raise Malformed(f"{shown(text)} is not a valid URL, or its port is not from 1 to 65535") from None
    if parts.scheme not in _WEB:
        raise Malformed(f"the scheme of {shown(text)} is not http, https or a known service")
    if "@" in parts.netloc:
        raise Malformed(f"the URL of {shown(text)} holds a user name or password; remove it")
    if not hostname or explicit == 0:
        raise Malformed(f"{shown(text)} has no host, or port 0")
    spoken = Protocol(parts.scheme)
    bracketed = _BRACKETED.match(parts.netloc)
    name, zone = address(bracketed.group()) if bracketed else host(hostname)
    path = quote(parts.path or "/", safe=_SAFE) + (f"?{quote(parts.query, safe=_SAFE)}" if parts.query else "")
    return Target(host=name, zone=zone, port=explicit or KNOWN[spoken][1], protocol=spoken, path=path)


def _refuse_oddities(text: str) -> None:
    """What parsers are known to read in different ways never reaches one."""
    if len(text) > _MAX_URL:
        raise Malformed(f"the URL {shown(text)} is longer than {_MAX_URL} characters")
    if re.search(r"[\x00-\x20\x7f\xa0\\]", text):
        raise Malformed(f"the URL {shown(text)} holds a blank, a backslash or a control character")


def from_host_port(text: str, *, default: str = "") -> Target:
    """The target of ``host:port``, ``host:port/protocol`` or ``host/protocol``. Raises ``Malformed``.

    ``default`` is a protocol name that applies where the text names none.
    """
    bare, slash, named = text.strip().partition("/")
    match = None if looks_like_address(bare) and not bare.startswith("[") else _HOST_PORT.fullmatch(bare)
    word = named if slash else default
    if word:
        spoken, usual = protocol(word)
    elif match:
        spoken, usual = protocol_of_port(port(match["port"])), 0
    else:
        raise Malformed(f"{shown(text)} needs a port, as in mail.example.vn:25/smtp")
    number = port(match["port"]) if match else usual
    if number == 0:
        raise Malformed(f"{shown(text)} needs a port, since {shown(word)} has no usual one")
    name, zone = host(match["host"] if match else bare)
    return Target(host=name, zone=zone, port=number, protocol=spoken)
