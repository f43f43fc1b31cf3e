"""A host for a terminal: what each service hears, and whether the machine has IPv6 for it."""

from collections.abc import Iterator, Sequence

from ipv6check.hosts.services import Service, main_process, services, usable_ipv6
from ipv6check.model.address import classify
from ipv6check.model.host import HostDocument
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages


def render(document: HostDocument, language: str) -> Iterator[str]:
    """Lines of text, every foreign name made harmless."""
    messages = Messages(language)
    say = messages.word
    names = f" ({', '.join(map(inert, document.names))})" if document.names else ""
    yield f"{inert(document.name)}{names}, {document.taken_at:%Y-%m-%d %H:%M:%S} UTC"
    yield ""
    yield from _services(services(document), messages)
    yield ""
    for address in document.addresses:
        flags = f" [{', '.join(address.flags)}]" if address.flags else ""
        word = say("address", classify(address.address).word)
        yield f"{inert(address.interface):<10} {address.address}/{address.prefix_length}  {word}{flags}"
    yield ""
    yield from (f"! {line}" for line in _notices(document, messages))
    for family in (6, 4):
        ways = [one for one in document.routes if one.family == family]
        shown = ", ".join(f"{one.gateway or '–'} ({inert(one.interface)})" for one in ways)
        yield f"{say('host', 'default-route')} IPv{family}: {shown or '–'}"
    yield f"{say('host', 'resolvers')}: {', '.join(map(inert, document.resolvers)) or '–'}"
    if document.bindv6only is not None:
        yield f"bindv6only: {int(document.bindv6only)}"


def _services(found: Sequence[Service], messages: Messages) -> Iterator[str]:
    """A line a service, columns as wide as they need to be."""
    say = messages.word
    head = tuple(say("host", word) for word in ("port", "process", "hears", "sockets"))
    rows = [head, *(_row(one, messages) for one in found)]
    if len(rows) == 1:
        yield say("host", "no-services")
        return
    widths = [max(len(row[index]) for row in rows) for index in range(3)]
    for row in rows:
        yield "  ".join((*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]))


def _row(service: Service, messages: Messages) -> tuple[str, str, str, str]:
    process = next((main for one in service.sockets if (main := main_process(one)) is not None), None)
    named = f"{inert(service.owner)}[{process.pid}]" if process is not None else inert(service.owner)
    unit = f" {inert(service.unit)}" if service.unit else ""
    sockets = ", ".join(
        one.address + (f"%{inert(one.interface)}" if one.interface else "") + (" v6only" if one.v6only else "")
        for one in service.sockets
    )
    heard = messages.word("hearing", service.hearing.value)
    return f"{service.transport}/{service.port}", named + unit, heard, sockets


def _notices(document: HostDocument, messages: Messages) -> Iterator[str]:
    """What is wrong with the machine's own IPv6, and what could not be seen."""
    say = messages.word
    if not document.ipv6:
        yield say("host", "no-kernel-ipv6")
    elif not usable_ipv6(document.addresses):
        yield say("host", "no-ipv6-address")
    if document.ipv6 and not any(one.family == 6 for one in document.routes):
        yield say("host", "no-ipv6-route")
    if document.disabled:
        yield f"{say('host', 'ipv6-disabled')}: {', '.join(map(inert, document.disabled))}"
    if document.unseen.is_blind:
        yield f"{say('host', 'blind')} ({document.unseen.sockets})"
    if document.unseen.namespaces:
        yield f"{say('host', 'namespaces')} ({document.unseen.namespaces})"
    if document.unseen.v6only:
        yield say("host", "v6only-unseen")
