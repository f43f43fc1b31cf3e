"""What a visitor may have looked at. Nothing is allowed that the file does not name."""

from collections.abc import Mapping, Sequence

from ipv6check.inventory.normalise import Malformed, address, host
from ipv6check.model.address import classify
from ipv6check.model.asset import Asset, View
from ipv6check.model.optout import OptOut, parse_optout
from ipv6check.model.prefixes import Prefixes
from ipv6check.model.target import Target
from ipv6check.remote.file import AgentFile

LONGEST_PATH = 2000
LONGEST_EXCHANGE = 4096


class Allowance:
    """Hosts, ports and numbers of the file. ``lab`` are the prefixes that the vantage's own policy treats as global."""

    def __init__(self, file: AgentFile, lab: Prefixes) -> None:
        self._hosts: OptOut = parse_optout("\n".join(file.allow.hosts))[0]
        self._ports = frozenset(file.allow.ports)
        self._most = file.limits.targets
        self._lab = lab

    def refusal(self, assets: Sequence[Asset], stated: Mapping[str, tuple[str, ...]]) -> str:
        """Why this is not looked at, in one sentence; empty if it may be."""
        targets = [target for asset in assets for target in asset.targets]
        if not targets:
            return "there is nothing to look at"
        if len(targets) > self._most or len(assets) > self._most:
            return f"this vantage looks at {self._most} targets at once; this question has {len(targets)}"
        if any(asset.view is not View.PUBLIC for asset in assets):
            return "this vantage looks at public targets only, not at internal ones"
        for target in targets:
            fault = self._fault(target)
            if fault:
                return f"{target.host[:253]}:{target.port}: {fault}"
        for name, literals in stated.items():
            for literal in literals:
                if not self._hosts.name(name) or not self._admits(literal):
                    return f"{name[:253]}={literal[:60]}: is not among the addresses that this vantage looks at"
        return ""

    def _fault(self, target: Target) -> str:
        try:
            canonical, zone = host(target.host)
        except Malformed as error:
            return str(error)
        if canonical != target.host or zone or target.zone:
            return "is not the plain form of a name or an address"
        if target.port not in self._ports:
            return f"the port is not one that this vantage looks at ({', '.join(map(str, sorted(self._ports)))})"
        if not (self._admits(target.host) if target.is_literal else self._hosts.name(target.host)):
            return "is not among the hosts that this vantage looks at"
        if not _is_request_target(target.path):
            return "the path is no request target"
        return "the exchange is too long" if max(len(target.send), len(target.expect)) > LONGEST_EXCHANGE else ""

    def _admits(self, literal: str) -> bool:
        """True for an address in the plain form that is listed, and that everybody can reach."""
        try:
            canonical, zone = address(literal)
        except Malformed:
            return False
        if canonical != literal or zone or not self._hosts.address(literal):
            return False
        return classify(literal).reachable or literal in self._lab


def _is_request_target(path: str) -> bool:
    return (
        path.startswith("/") and len(path) <= LONGEST_PATH and path.isascii() and path.isprintable() and " " not in path
    )
