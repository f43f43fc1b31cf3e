"""Evidence documents of hosts, read back: strangers may have written them."""

from ipaddress import ip_address

import msgspec

from ipv6check.hosts.reading import LONGEST, Refused
from ipv6check.model.host import HOST_SCHEMA, HostDocument

MOST_SOCKETS = 20_000


def is_host_document(text: str) -> bool:
    """True if ``text`` claims to be an evidence document of a host, of whatever version."""
    return '"ipv6check.host/' in text[:2000]


def read_host(text: str, file: str) -> HostDocument:
    """The document. Raises Refused for one of another version, or with values that no host has."""
    try:
        found = msgspec.json.decode(text, type=HostDocument)
    except msgspec.DecodeError as error:
        version = "" if f'"{HOST_SCHEMA}"' in text else f" of version {HOST_SCHEMA}"
        raise Refused(f"{file}: is no evidence document{version}: {str(error)[:200]}") from None
    fault = _fault(found)
    if fault:
        raise Refused(f"{file}: {fault}")
    return found


def _fault(document: HostDocument) -> str:
    """What no host can have said; empty if nothing is wrong."""
    if document.taken_at.tzinfo is None:
        return "taken_at has no time zone"
    if len(document.sockets) > MOST_SOCKETS or len(document.addresses) > MOST_SOCKETS:
        return f"has more than {MOST_SOCKETS} sockets or addresses"
    texts = (document.name, document.vantage, document.machine, document.tool, *document.names)
    texts += tuple(one.name for socket in document.sockets for one in socket.processes)
    texts += tuple(socket.interface for socket in document.sockets)
    if not document.name or not document.vantage or any(len(one) > LONGEST for one in texts):
        return f"a name is missing or longer than {LONGEST} characters"
    for literal in (*(one.address for one in document.sockets), *(one.address for one in document.addresses)):
        try:
            ip_address(literal)
        except ValueError:
            return f"{literal[:60]!r} is no address"
    if any(not 0 < socket.port < 65_536 for socket in document.sockets):
        return "a port is not between 1 and 65535"
    return ""
