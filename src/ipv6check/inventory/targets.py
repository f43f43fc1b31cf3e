"""What gets probed for each kind of asset, and what kind a bare target is.

============ ======================================================================================================
domain       ``https://NAME/`` unless targets are given; the www or apex twin is the probe's business
service      ``host:port/protocol``, or a URL
application  URLs; a bare name means ``https://NAME/``
device       addresses or names with management ports such as 22, 161/snmp (22 and 443 by default); one is enough
network      nothing: its prefix and gateway are documented facts
software     nothing: it is judged by attestation
============ ======================================================================================================
"""

import ipaddress
import re
from typing import NamedTuple

import msgspec

from ipv6check.inventory.draft import Draft, DraftTarget
from ipv6check.inventory.location import from_host_port, from_url, is_host_port, is_url, is_web_url
from ipv6check.inventory.normalise import (
    Malformed,
    clean,
    host,
    host_name,
    looks_like_address,
    port,
    prefix,
    shown,
)
from ipv6check.inventory.protocols import KNOWN, protocol
from ipv6check.model.asset import Kind
from ipv6check.model.expectation import parse_expectation
from ipv6check.model.target import Protocol, Target

MANAGEMENT_PORTS = ("22", "443")
MANAGEMENT = "management"
_PLANES = {one: one for one in (Protocol.TCP, Protocol.TLS, Protocol.SSH, Protocol.SNMP, Protocol.NTP)} | {
    Protocol.HTTPS: Protocol.TLS,
    Protocol.HTTP: Protocol.TCP,
}
_DATAGRAM_PLANES = {KNOWN[word][1]: KNOWN[word][0] for word in ("snmp", "ntp")}
"""Ports that nobody means over TCP."""
_LENGTH = re.compile(r"/[0-9]{1,3}")
_ESCAPE = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|([\\rnt0]))")
_ESCAPED = {"\\": "\\", "r": "\r", "n": "\n", "t": "\t", "0": "\0"}


class Probed(NamedTuple):
    """What a kind makes of its draft. ``identity`` is what must be unique among assets of the kind."""

    name: str
    identity: str
    targets: tuple[Target, ...] = ()
    prefix: str = ""


def kind_of(text: str) -> Kind:
    """The kind of a bare target: URL application, prefix network, address device, host:port service, else domain."""
    if is_url(text):
        return Kind.APPLICATION if is_web_url(text) or text.partition("://")[0].lower() not in KNOWN else Kind.SERVICE
    bare, slash, length = text.partition("/")
    if slash and length.lower() in KNOWN:
        return Kind.SERVICE
    if looks_like_address(bare) and not bare.startswith("["):
        return _address_kind(bare, length) if slash else Kind.DEVICE
    return Kind.SERVICE if is_host_port(text) else Kind.DOMAIN


def _address_kind(bare: str, length: str) -> Kind:
    """A prefix with bits beyond its length is how exports write an interface's address."""
    try:
        interface = ipaddress.ip_interface(f"{bare}/{length}")
    except ValueError:
        return Kind.NETWORK
    if interface.ip == interface.network.network_address and interface.network.num_addresses > 1:
        return Kind.NETWORK
    return Kind.DEVICE


def probed(kind: Kind, draft: Draft) -> Probed:
    """Name, identity and targets of a draft. Raises ``Malformed``."""
    match kind:
        case Kind.DOMAIN:
            return _domain(draft)
        case Kind.SERVICE:
            return _service(draft)
        case Kind.APPLICATION:
            return _application(draft)
        case Kind.DEVICE:
            return _device(draft)
        case Kind.NETWORK:
            return _network(draft)
        case Kind.SOFTWARE:
            return _software(draft)


def _domain(draft: Draft) -> Probed:
    bare = next((given.text for given in draft.targets if _is_bare(given.text)), draft.name)
    if not bare:
        if not draft.targets:
            raise Malformed("a domain needs a name")
        only = draft.targets[0].text
        bare = _any(draft.targets[0], draft).host if is_url(only) or is_host_port(only) else only
    if looks_like_address(bare):
        raise Malformed(f"{shown(bare)} is an address, not a domain; use kind device or service")
    _refuse_ports(draft, "domain")
    name = host_name(bare)
    given = draft.targets or [DraftTarget(name)]
    # The target is made here and not parsed again: lists of a million names are mostly this.
    targets = tuple(_expecting(_web(name, draft) if _is_bare(one.text) else _any(one, draft), one) for one in given)
    return Probed(draft.name if draft.name and bare != draft.name else name, name, targets)


def _service(draft: Draft) -> Probed:
    given = draft.targets or (
        [DraftTarget(draft.name)] if is_host_port(draft.name) or is_url(draft.name) or draft.ports else []
    )
    if not given:
        raise Malformed("a service needs a target such as mail.example.vn:25/smtp")
    targets: list[Target] = []
    for one in given:
        if draft.ports and _is_bare(one.text):
            name = f"[{one.text}]" if ":" in one.text else one.text
            targets += [
                _expecting(from_host_port(f"{name}:{number}", default=draft.protocol), one) for number in draft.ports
            ]
        else:
            targets.append(_expecting(_any(one, draft), one))
    return _summed(draft, targets)


def _application(draft: Draft) -> Probed:
    given = draft.targets or ([DraftTarget(draft.name)] if is_url(draft.name) else [])
    if not given:
        raise Malformed("an application needs a URL as target")
    _refuse_ports(draft, "application")
    targets = []
    for one in given:
        target = _web(host_name(one.text), draft) if _is_bare(one.text) else _any(one, draft)
        if not target.protocol.is_web:
            raise Malformed(f"{shown(one.text)} is not a URL; an application is asked over https or http")
        targets.append(_expecting(target, one))
    return _summed(draft, targets)


def _device(draft: Draft) -> Probed:
    given = draft.targets
    if not given and _is_dotted(draft.name):
        given = [DraftTarget(draft.name)]
    places = [host(_LENGTH.sub("", one.text) if looks_like_address(one.text.partition("/")[0]) else one.text)
              for one in given]  # fmt: skip
    planes = [_plane(text) for text in draft.ports or MANAGEMENT_PORTS]
    targets = tuple(
        Target(host=name, zone=zone, port=number, protocol=spoken, any_of=MANAGEMENT)
        for name, zone in dict.fromkeys(places)
        for number, spoken in dict.fromkeys(planes)
    )
    named = draft.name or (places[0][0] if places else "")
    if not named:
        raise Malformed("a device needs a name or an address")
    hosts = sorted({f"{name}%{zone}" if zone else name for name, zone in places})
    return Probed(named, " ".join(hosts) or f"name {_folded(named)}", targets)


def _plane(text: str) -> tuple[int, Protocol]:
    """A management port and what is spoken on it: ``22``, ``161/snmp``, or ``snmp`` for its usual port. HTTPS is a TLS
    handshake: what a device serves there is not judged. Raises ``Malformed``."""
    number, slash, word = text.strip().partition("/")
    if not slash and number.lower() in KNOWN:
        number, word = "", number
    if not slash and not word:
        return port(number), _DATAGRAM_PLANES.get(port(number), Protocol.TCP)
    spoken, usual = protocol(word)
    if spoken not in _PLANES:
        raise Malformed(f"{shown(text)} is no management of a device; known are ssh, https, snmp, ntp, tcp, tls")
    if not number and not usual:
        raise Malformed(f"{shown(text)} has no usual port; write PORT/{word}")
    return port(number) if number else usual, _PLANES[spoken]


def _network(draft: Draft) -> Probed:
    given = [one.text for one in draft.targets] or ([draft.name] if "/" in draft.name else [])
    prefixes = [prefix(text) for text in given]
    if not prefixes and not draft.name:
        raise Malformed("a network needs a name or a prefix")
    chosen = next((text for text in prefixes if ":" in text), prefixes[0] if prefixes else "")
    identity = " ".join(sorted(set(prefixes))) or f"name {_folded(draft.name)}"
    return Probed(draft.name or chosen, identity, (), chosen)


def _software(draft: Draft) -> Probed:
    if draft.targets:
        raise Malformed("software has no targets; it is judged by its attestation")
    if not draft.name:
        raise Malformed("software needs a name")
    return Probed(draft.name, f"name {_folded(draft.name)}")


def _refuse_ports(draft: Draft, kind: str) -> None:
    if draft.ports or draft.protocol:
        raise Malformed(f"the {kind} has a port or protocol of its own; use kind service, or write it into the target")


def _any(one: DraftTarget, draft: Draft) -> Target:
    return from_url(one.text) if is_url(one.text) else from_host_port(one.text, default=draft.protocol)


def _web(name: str, draft: Draft) -> Target:
    return Target(host=name, port=KNOWN["https"][1], protocol=Protocol.HTTPS, path=draft.health or "/")


def _expecting(target: Target, one: DraftTarget) -> Target:
    """The target with what its draft expects; most expect nothing."""
    if target.protocol is Protocol.UDP and not one.send:
        raise Malformed(f"{shown(one.text)}: udp needs send, since nobody answers a datagram that asks nothing")
    if not (one.expected_status or one.send or one.expect) and one.required:
        return target
    if (one.send or one.expect) and target.protocol.is_datagram and target.protocol is not Protocol.UDP:
        raise Malformed(f"{shown(one.text)}: {target.protocol} has a question of its own; use udp with send and expect")
    if one.send and target.protocol.is_web:
        raise Malformed(f"{shown(one.text)}: send is for tcp and tls; the web is sent a GET")
    expect = _unescaped(one.expect)
    if expect and target.protocol.is_web:
        try:
            parse_expectation(expect)
        except ValueError as wrong:
            raise Malformed(f"{shown(one.text)}: expect {wrong}") from None
    if one.expected_status and not target.protocol.is_web:
        raise Malformed(f"{shown(one.text)}: expected_status is for the web")
    return msgspec.structs.replace(
        target,
        expected_status=tuple(sorted(set(one.expected_status))),
        send=_unescaped(one.send),
        expect=expect,
        required=one.required,
    )


def _summed(draft: Draft, targets: list[Target]) -> Probed:
    identity = " ".join(sorted({f"{t.protocol}://{t.host}%{t.zone}:{t.port}{t.path}" for t in targets}))
    first = targets[0]
    plain = first.protocol is Protocol.HTTPS and first.port == 443 and first.path == "/"
    return Probed(draft.name or (first.host if plain else f"{first.host}:{first.port}"), identity, tuple(targets))


def _is_bare(text: str) -> bool:
    """True for a name or an address alone, without port, path or scheme."""
    return looks_like_address(text) or not (is_url(text) or ":" in text or "/" in text)


def _is_dotted(name: str) -> bool:
    """True if a device's name can be looked up as it stands; ``edge-1`` cannot."""
    return looks_like_address(name) or ("." in name and " " not in name)


def _folded(name: str) -> str:
    return " ".join(clean(name).casefold().split())


def _unescaped(text: str) -> str:
    r"""``\r \n \t \0 \\ \x1b`` as the octets they stand for; other backslashes stay."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _ESCAPED[found[2]], text)
