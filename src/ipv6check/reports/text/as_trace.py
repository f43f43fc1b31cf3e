"""Traces for people, both families side by side, and for machines."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from msgspec.structs import replace

from ipv6check.model.contact import Attempt
from ipv6check.model.dns import Lookup
from ipv6check.model.networks import Networks
from ipv6check.model.path import AddressTrace, Hop, Path, PathEnd, SizedReply, TargetTrace, Told
from ipv6check.reports.inert import inert
from ipv6check.reports.machine.as_json import as_line
from ipv6check.reports.messages import Messages
from ipv6check.reports.text.path_findings import PathFinding, findings, works

SCHEMA = "ipv6check.trace/1"
_NOTHING = "*"

Row = tuple[str, list[str]]


def render(trace: TargetTrace, networks: Networks, language: str) -> Iterator[str]:
    """Lines of text: the addresses, one table for each pair of an IPv6 and an IPv4 address, and what follows."""
    messages = Messages(language)
    yield inert(trace.target)
    for lookup in (trace.aaaa, trace.a):
        if line := _looked_up(lookup, messages):
            yield line
    for barred in trace.barred:
        yield f"{inert(barred.address)}: {messages.word('address', barred.reason)}"
    for pair in zip_longest(trace.of(6), trace.of(4)):
        sides = [one for one in pair if one is not None]
        yield ""
        rows = [row for row in _rows(sides, networks, messages) if any(row[1])]
        first = max(len(label) for label, _ in rows)
        column = max(len(cells[0]) for _, cells in rows)
        for label, cells in rows:
            yield f"{label:<{first}}  {'  '.join(f'{cell:<{column}}' for cell in cells)}".rstrip()
    told = [sentence(finding, networks, messages) for one in trace.addresses for finding in findings(one)]
    if told:
        yield ""
    for said, fix in told:
        yield said
        if fix:
            yield f"  → {fix}"


def as_json(trace: TargetTrace, networks: Networks, families: tuple[int, ...]) -> str:
    """The facts on one line, the findings as codes, and the names of networks by address."""
    found = [{"code": finding.code, "args": finding.args} for one in trace.addresses for finding in findings(one)]
    hops = {hop.address for one in trace.addresses for path in one.paths for hop in path.hops if hop.address}
    names = {address: name for address in sorted(hops) if (name := networks.name(address))}
    whole: dict[str, Any] = {"schema": SCHEMA, "works": works(trace, families), "findings": found, "networks": names}
    return as_line(whole | {"trace": trace})


def sentence(finding: PathFinding, networks: Networks, messages: Messages) -> tuple[str, str]:
    """A finding and what to do about it, which may be nothing."""
    args = dict(finding.args)
    if name := networks.name(str(args.get("hop", ""))):
        args["hop"] = f"{args['hop']} ({name})"
    if finding.verdict is not None:
        verdict = replace(finding.verdict, args=args)
        return messages.say(verdict), messages.fix(verdict)
    texts = {key: inert(str(value)) for key, value in args.items()}
    if "cause" in texts:
        texts["cause"] = messages.word("failure", texts["cause"])
    fix = messages.word("fix:trace", finding.code)
    return messages.word("trace", finding.code).format(**texts), "" if fix == finding.code else fix.format(**texts)


def path_lines(path: Path, networks: Networks, messages: Messages) -> Iterator[str]:
    """A path below other evidence of a target."""
    yield f"{messages.word('trace', f'path_{path.means}')} {path.address}: {_ended(path, messages)}"
    for hop in path.hops:
        yield f"  {hop.limit:>2}  {_hop(hop, path, networks, messages)}"


def _rows(sides: Sequence[AddressTrace], networks: Networks, messages: Messages) -> Iterator[Row]:
    """The table's rows: label, and a cell a side."""
    yield "", [_place(one) for one in sides]
    yield messages.word("trace", "connection"), [_connection(one, messages) for one in sides]
    for one in zip_longest(*(side.contact.clamped for side in sides)):
        label = messages.word("trace", "small_segments")
        yield label, [_attempt(attempt, messages) if attempt else "" for attempt in one]
    for means in ("tcp", "echo"):
        paths = [next((path for path in side.paths if path.means == means), None) for side in sides]
        label = messages.word("trace", f"path_{means}")
        yield label, [_ended(path, messages) if path else "" for path in paths]
        if means == "echo" and all(
            path is None or _is_same(path, side) for path, side in zip(paths, sides, strict=True)
        ):
            continue
        for hops in zip_longest(*(path.hops if path else () for path in paths)):
            limit = next(hop.limit for hop in hops if hop is not None)
            cells = [
                _hop(hop, path, networks, messages) if hop and path else ""
                for hop, path in zip(hops, paths, strict=True)
            ]
            yield f"{limit:>6}", cells
    for replies in zip_longest(*(side.sizes for side in sides)):
        octets = next(reply.octets for reply in replies if reply is not None)
        label = messages.word("trace", "octets").format(octets=octets)
        yield label, [_reply(reply, networks, messages) if reply else "" for reply in replies]
    for header in ("fragments", "destination_options"):
        found = [next((one.reply for one in side.headers if one.header == header), None) for side in sides]
        yield messages.word("trace", header), [_reply(one, networks, messages) if one else "" for one in found]


def _place(one: AddressTrace) -> str:
    host = one.contact.address
    return f"[{host}]:{one.contact.port}" if one.contact.family == 6 else f"{host}:{one.contact.port}"


def _connection(one: AddressTrace, messages: Messages) -> str:
    decisive = one.contact.decisive
    return _attempt(decisive, messages) if decisive is not None else _NOTHING


def _attempt(attempt: Attempt, messages: Messages) -> str:
    timed = [
        f"{name} {value:.1f}"
        for name, value in (("TCP", attempt.tcp_ms), ("TLS", attempt.tls_ms), ("HTTP", attempt.http_ms))
        if value is not None
    ]
    if attempt.failure is None:
        return f"✓ {', '.join(timed)} ms"
    word = messages.word("trace", "black_hole") if attempt.failure == "path_mtu_black_hole" else ""
    return f"✗ {attempt.phase.value.upper()}: {word or messages.word('failure', attempt.failure.value)}"


def _ended(path: Path, messages: Messages) -> str:
    if path.end is PathEnd.NOT_MEASURED:
        return messages.word("failure", path.cause.value) if path.cause else _NOTHING
    return messages.word("path", path.end.value).format(count=len(path.hops))


def _is_same(path: Path, side: AddressTrace) -> bool:
    """True if the path by echo went over the same routers as the one by TCP, so that it is not worth its lines."""
    other = next((one for one in side.paths if one.means == "tcp"), None)
    return other is not None and [hop.address for hop in other.hops] == [hop.address for hop in path.hops]


def _hop(hop: Hop, path: Path, networks: Networks, messages: Messages) -> str:
    if not hop.address:
        return _NOTHING
    time = f" {hop.rtt_ms:.1f} ms" if hop.rtt_ms is not None else ""
    error = hop.told.ends_path and hop.told is not Told.ANSWER
    said = f" {messages.word('failure', hop.told.value)}" if error else ""
    name = networks.name(hop.address)
    return f"{hop.address}{time}{said}" + (f" ({inert(name)})" if name else "")


def _reply(reply: SizedReply, networks: Networks, messages: Messages) -> str:
    if reply.failure is not None:
        own = messages.word("trace", "own_link").format(mtu=reply.mtu) if reply.mtu else ""
        return own or messages.word("failure", reply.failure.value)
    if reply.told is Told.ANSWER:
        return f"✓ {reply.rtt_ms:.1f} ms" if reply.rtt_ms is not None else "✓"
    if reply.told is Told.NOTHING:
        return f"✗ {messages.word('failure', 'timeout')}"
    mtu = f" {reply.mtu}" if reply.mtu else ""
    return f"✗ {messages.word('failure', reply.told.value)}{mtu} ← {reply.told_by}"


def _looked_up(lookup: Lookup, messages: Messages) -> str:
    if lookup.outcome == "not_asked":
        return ""
    answer = ", ".join(map(inert, lookup.records)) or messages.word("dns", lookup.outcome.value)
    return f"{lookup.rdtype} {inert(lookup.name)}: {answer}"
