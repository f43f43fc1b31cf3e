"""Imported evidence of one asset for a terminal: who saw what, when, and by what it was told to be the asset."""

from collections.abc import Iterator
from datetime import UTC, datetime

from ipv6check.checks.listening import hearing
from ipv6check.model.imported import HostEvidence, ImportedEvidence, Provenance, Socket
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages


def host_lines(evidence: HostEvidence, messages: Messages) -> Iterator[str]:
    """What each host has on the asset."""
    for one in evidence.listenings:
        heard = messages.word("hearing", hearing(one.sockets).value)
        sockets = ", ".join(map(_socket, one.sockets)) or "–"
        yield f"{inert(one.host)} {inert(one.wanted)}: {heard}  {sockets}  {_origin(one.provenance)}"
    for target in evidence.missing:
        yield f"{inert(target)}: –"


def sighting_lines(evidence: ImportedEvidence, messages: Messages) -> Iterator[str]:
    """Addresses and abilities that others saw."""
    for one in evidence.sightings:
        what = " ".join(map(inert, one.addresses)) or inert(one.proof)
        source = messages.word("source", one.provenance.source.value)
        place = f"{inert(one.provenance.file)}:{one.line}" if one.line else inert(one.provenance.file)
        origin = f"{inert(one.provenance.vantage)}, {place}, {_moment(one.seen_at)}"
        yield f"{source}: {what}  ({inert(one.matched_by)}; {origin})"


def _socket(socket: Socket) -> str:
    return inert(f"{socket.at} {socket.owner}")


def _origin(provenance: Provenance) -> str:
    return f"({inert(provenance.vantage)}, {inert(provenance.file)}, {_moment(provenance.taken_at)})"


def _moment(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M}"
