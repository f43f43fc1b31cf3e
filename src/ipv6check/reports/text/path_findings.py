"""What a trace amounts to, as codes with their args: the same for people and for machines."""

from collections.abc import Iterator
from typing import NamedTuple

from ipv6check.checks.pth001_path_ends_early import tell
from ipv6check.model.failure import Failure
from ipv6check.model.path import AddressTrace, PathEnd, SizedReply, TargetTrace, Told
from ipv6check.model.verdict import Arg, Verdict


class PathFinding(NamedTuple):
    """A code of the context ``trace`` and its args, or a verdict of PTH001 on a path."""

    code: str
    args: dict[str, Arg]
    verdict: Verdict | None = None


def findings(trace: AddressTrace) -> Iterator[PathFinding]:
    """From the connection to the headers; nothing where there is nothing to say."""
    address = trace.contact.address
    args: dict[str, Arg] = {"address": address, "port": trace.contact.port}
    decisive = trace.contact.decisive
    if trace.black_hole:
        yield PathFinding("path_mtu_black_hole", args)
    elif decisive is not None and decisive.failure is not None and trace.contact.connected:
        yield PathFinding("connects_but_fails", args | {"cause": decisive.failure.value})
    elif decisive is not None and decisive.failure is not None and decisive.failure.is_ours:
        yield PathFinding("not_measured", args | {"cause": decisive.failure.value})
    ends = [path for path in trace.paths if path.end not in (PathEnd.REACHED, PathEnd.NOT_MEASURED)]
    if not trace.contact.connected:
        for path in ends[:1]:
            verdict = tell(path)
            yield PathFinding(verdict.tag, dict(verdict.args), verdict)
        if any(path.end is PathEnd.REACHED for path in trace.paths) and ends:
            yield PathFinding("echo_passes" if ends[0].means == "tcp" else "tcp_passes", args)
    yield from _of_sizes(trace, args)
    yield from _of_headers(trace, args)


def _of_sizes(trace: AddressTrace, args: dict[str, Arg]) -> Iterator[PathFinding]:
    """Whether large packets pass, and if not, whether anybody says so."""
    told = next((one for one in trace.sizes if one.told is Told.PACKET_TOO_BIG), None)
    passed = [one.octets for one in trace.sizes if one.told is Told.ANSWER]
    lost = [one.octets for one in trace.sizes if _is_lost(one)]
    if told is not None and trace.contact.connected:
        yield PathFinding("told_too_big", args | {"hop": told.told_by, "mtu": told.mtu})
    if passed and lost and max(passed) < min(lost):
        yield PathFinding("large_echo_lost", args | {"passed": max(passed), "lost": min(lost)})


def _of_headers(trace: AddressTrace, args: dict[str, Arg]) -> Iterator[PathFinding]:
    """Which headers do not pass although plain echo does; information (RFC 7872, RFC 9098). Where large packets are
    lost, a reply in fragments is one."""
    if not any(one.told is Told.ANSWER for one in trace.sizes):
        return
    for one in trace.headers:
        if one.header == "fragments" and any(map(_is_lost, trace.sizes)):
            continue
        if one.reply.failure is None and one.reply.told is not Told.ANSWER:
            yield PathFinding(f"{one.header}_lost", args)


def _is_lost(reply: SizedReply) -> bool:
    return reply.told is Told.NOTHING and reply.failure is None


def works(trace: TargetTrace, families: tuple[int, ...]) -> bool | None:
    """True if every address looked at connects and carries what it sends, over IPv6 unless only IPv4 was asked for;
    None if that could not be told."""
    looked_at = trace.of(6) if 6 in families else trace.of(4)
    if not looked_at:
        proven = (trace.aaaa if 6 in families else trace.a).outcome.proves_absence
        return False if proven else None
    for one in looked_at:
        decisive = one.contact.decisive
        failure: Failure | None = decisive.failure if decisive is not None else Failure.NOT_CONTACTED
        if failure is not None and failure.is_ours:
            return None
        if not one.contact.connected or one.black_hole:
            return False
    return True
