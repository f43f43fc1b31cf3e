"""The way to a target measured for an engineer: both families, every address by itself, nothing stored or judged."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from msgspec.structs import replace

from ipv6check.model.asset import Asset, View
from ipv6check.model.contact import Barred, Contact
from ipv6check.model.dns import NameEvidence
from ipv6check.model.path import AddressTrace, HeaderReply, Path, SizedReply, TargetTrace, Told
from ipv6check.model.policy import Policy
from ipv6check.model.target import OVER_TCP, Endpoint, Target
from ipv6check.model.trouble import Trouble
from ipv6check.net.path.sizedecho import SIZES
from ipv6check.probes.blackhole import explain_stall, has_stalled, with_touch
from ipv6check.probes.name import NameProbe
from ipv6check.probes.probe import Subject, contactable
from ipv6check.settings import Settings
from ipv6check.wiring.inputs import read_optout
from ipv6check.wiring.network import Network, open_network

_WEB = 443
_HEADERS = {6: ("fragments", "destination_options"), 4: ("fragments",)}


@dataclass(frozen=True, kw_only=True)
class TraceRequest:
    """What to look at. ``families`` to send to; at most ``most`` addresses of each."""

    settings: Settings
    policy: Policy
    assets: tuple[Asset, ...]
    families: tuple[int, ...] = (6, 4)
    most: int = 2


async def find_paths(request: TraceRequest) -> Sequence[TargetTrace]:
    """The traces of every target, one target after the other. Raises Trouble for one that opted out."""
    optout = read_optout(request.settings)
    chosen = [(_one_of(asset), asset.view) for asset in request.assets]
    for target, _ in chosen:
        if optout.name(target.host):
            raise Trouble(f"{target.host}: its operator asked not to be contacted (opt-out list)")
    async with open_network(request.settings, request.policy, optout, families=request.families) as network:
        return await asyncio.gather(*(_target(target, view, network, request) for target, view in chosen))


def _one_of(asset: Asset) -> Target:
    """The target of an asset from the command line; of a bare address, which has several ports, the web's."""
    return next((target for target in asset.targets if target.port == _WEB), asset.targets[0])


async def _target(target: Target, view: View, network: Network, request: TraceRequest) -> TargetTrace:
    subject = Subject(target=target, view=view, families=request.families)
    name: NameEvidence = await NameProbe().observe(subject, {}, network, request.policy)
    addresses: list[str] = []
    barred: list[Barred] = []
    for family, lookup in ((6, name.aaaa), (4, name.a)):
        if family in request.families:
            allowed, refused = contactable(lookup, subject, network)
            addresses += allowed[: request.most]
            barred += refused
    traces = await asyncio.gather(*(_address(one, subject, network, request.policy) for one in addresses))
    return TargetTrace(
        target=target.key,
        at=name.observed_at,
        aaaa=name.aaaa,
        a=name.a,
        addresses=tuple(traces),
        barred=tuple(barred),
    )


async def _address(address: str, subject: Subject, network: Network, policy: Policy) -> AddressTrace:
    """The connection comes first: what a large echo teaches the target about the path would mend what it must show."""
    target = subject.target
    endpoint = Endpoint(name=target.host, address=address, port=target.port, zone=target.zone)
    again = partial(network.dialer.touch, endpoint, target)
    contact = with_touch(Contact(address=address, port=target.port), await again())
    if has_stalled(contact):
        contact = await explain_stall(contact, again, policy, swallowed=network.dialer.swallowed)
    paths = await _paths(endpoint, target, network)
    sizes = await _sizes(endpoint, network)
    headers: Sequence[HeaderReply] = ()
    if any(one.told is Told.ANSWER for one in sizes):
        headers = await asyncio.gather(*(network.tracer.header(endpoint, one) for one in _HEADERS[contact.family]))
    bare = replace(contact, http=None, certificate=None, reply="")
    return AddressTrace(contact=bare, paths=tuple(paths), sizes=tuple(sizes), headers=tuple(headers))


async def _paths(endpoint: Endpoint, target: Target, network: Network) -> Sequence[Path]:
    means = ("tcp", "echo") if target.protocol in OVER_TCP else ("echo",)
    return await asyncio.gather(*(network.tracer.trace(endpoint, means=one) for one in means))


async def _sizes(endpoint: Endpoint, network: Network) -> Sequence[SizedReply]:
    """The larger sizes only where the smallest is answered: otherwise their silence would tell nothing."""
    least = await network.tracer.sized(endpoint, SIZES[0])
    if least.told is not Told.ANSWER:
        return (least,)
    return (least, *await asyncio.gather(*(network.tracer.sized(endpoint, octets) for octets in SIZES[1:])))
