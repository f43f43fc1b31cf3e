"""An inventory's assets by what imported evidence knows them by: host names, addresses, cards, prefixes, tags.

Tags in the inventory say what nothing else can: ``host:NAME`` the machine an asset runs on, ``process:NAME`` and
``port:tcp/8080`` what to look for there, ``mac:…`` the card of a device.
"""

from collections import defaultdict
from collections.abc import Iterable
from ipaddress import IPv6Address, IPv6Network, ip_address, ip_network

from ipv6check.hosts.reading import mac_of
from ipv6check.model.address import classify
from ipv6check.model.asset import Asset, Kind

NAMELESS = frozenset({"localhost", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "(none)", ""})
"""Names that many machines go by, so that they tell nothing."""


class Ground:
    """The index. ``private``: all assets belong to one place, so that an address of RFC 1918 tells who is meant."""

    def __init__(self, assets: Iterable[Asset], *, private: bool = False) -> None:
        self._private = private
        self.by_host: dict[str, list[Asset]] = defaultdict(list)
        self.by_card: dict[str, list[Asset]] = defaultdict(list)
        self.by_tag: dict[str, list[Asset]] = defaultdict(list)
        self._named: dict[str, list[Asset]] = defaultdict(list)
        self._networks: dict[int, dict[int, list[Asset]]] = defaultdict(lambda: defaultdict(list))
        for asset in assets:
            self._take(asset)

    def _take(self, asset: Asset) -> None:
        for host in dict.fromkeys(folded(target.host) for target in asset.targets):
            self.by_host[host].append(asset)
        for tag in tagged(asset, "host"):
            self.by_tag[folded(tag)].append(asset)
        for card in filter(None, map(mac_of, tagged(asset, "mac"))):
            self.by_card[card].append(asset)
        if asset.kind is Kind.DEVICE:
            self._named[folded(asset.name)].append(asset)
        if asset.kind is Kind.NETWORK and ":" in asset.prefix:
            network = ip_network(asset.prefix, strict=False)
            if isinstance(network, IPv6Network):
                self._networks[network.prefixlen][int(network.network_address)].append(asset)

    def named(self, name: str) -> list[Asset]:
        """Devices of that name, and assets with that host; a name that many go by tells nothing."""
        name = folded(name)
        if name in NAMELESS:
            return []
        return _once([*self._named.get(name, ()), *self.by_host.get(name, ())])

    def at(self, address: str) -> list[Asset]:
        """Assets with a target at the address, if the address is one of its kind."""
        return list(self.by_host.get(address, ())) if self.tells(address) else []

    def tells(self, address: str) -> bool:
        """True if nobody else has the address: it is global or unique local, or private in one place."""
        word = classify(address).word
        if word in ("loopback", "link_local", "unspecified", "multicast"):
            return False
        if ip_address(address).version == 4 and not classify(address).reachable:
            return self._private
        return True

    def networks(self, address: str) -> list[Asset]:
        """Networks that hold the address, by the longest prefix that any has."""
        value = int(IPv6Address(address))
        for length in sorted(self._networks, reverse=True):
            found = self._networks[length].get(value >> (128 - length) << (128 - length))
            if found:
                return list(found)
        return []


def folded(name: str) -> str:
    """A host's name as names are compared."""
    return name.rstrip(".").casefold()


def tagged(asset: Asset, word: str) -> list[str]:
    """What the asset's tags ``word:…`` say."""
    return [tag.partition(":")[2] for tag in asset.tags if tag.startswith(f"{word}:")]


def _once(assets: Iterable[Asset]) -> list[Asset]:
    return list({asset.id: asset for asset in assets}.values())
