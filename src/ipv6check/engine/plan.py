"""Which probes the wanted rules need, and which rules speak about which asset."""

from collections.abc import Sequence
from dataclasses import dataclass

from ipv6check.model.asset import Kind
from ipv6check.model.check import Check, is_of_asset
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.target import Protocol
from ipv6check.probes.probe import AnyProbe


@dataclass(frozen=True, slots=True)
class Plan:
    """The wanted checks, and per kind and protocol the probes that feed them, in the order of their needs.

    ``by_asset`` are the rules that need nothing but evidence of an asset as a whole, ``facts`` what evidence of that
    sort any rule about a kind needs. ``order`` are all probes. ``families`` is (6,) if no wanted rule compares with
    IPv4: then nothing is sent over IPv4.
    """

    checks: tuple[Check, ...]
    families: tuple[int, ...]
    by_target: dict[tuple[Kind, Protocol], tuple[Check, ...]]
    by_asset: dict[Kind, tuple[Check, ...]]
    order: tuple[AnyProbe, ...]
    facts: dict[Kind, frozenset[type[Evidence]]]
    probes: dict[tuple[Kind, Protocol], tuple[AnyProbe, ...]]

    def united(self, one: Sequence[AnyProbe], other: Sequence[AnyProbe]) -> tuple[AnyProbe, ...]:
        """The probes of two kinds of asset that share a target, needs first."""
        return tuple(probe for probe in self.order if probe in one or probe in other)


def make_plan(checks: Sequence[Check], probes: Sequence[AnyProbe]) -> Plan:
    """The plan for ``checks``. ``probes`` stand in an order in which needs come first; ValueError if one is missing."""
    by_target = {
        (kind, protocol): tuple(check for check in checks if _speaks_of_target(check, kind, protocol))
        for kind in Kind
        for protocol in Protocol
    }
    by_asset = {kind: tuple(check for check in checks if kind in check.kinds and is_of_asset(check)) for kind in Kind}
    return Plan(
        checks=tuple(checks),
        families=(6, 4) if any(check.compares for check in checks) else (6,),
        by_target=by_target,
        by_asset=by_asset,
        facts={
            kind: frozenset(need for one in checks if kind in one.kinds for need in one.needs if need.of_asset)
            for kind in Kind
        },
        order=tuple(probes),
        probes={key: _probes_for(set(speaking), probes) for key, speaking in by_target.items()},
    )


def _speaks_of_target(check: Check, kind: Kind, protocol: Protocol) -> bool:
    """True if the rule judges targets of that protocol of assets of that kind."""
    if is_of_asset(check) or kind not in check.kinds:
        return False
    return not check.protocols or protocol in check.protocols


def _probes_for(checks: set[Check], probes: Sequence[AnyProbe]) -> tuple[AnyProbe, ...]:
    """The probes that yield what the checks need, and what those probes need in turn."""
    wanted = {need for check in checks for need in check.needs if not need.of_asset}
    for probe in reversed(probes):
        if probe.yields in wanted:
            wanted.update(probe.needs)
    missing = wanted - {probe.yields for probe in probes}
    if missing:
        raise ValueError(f"no probe yields {', '.join(sorted(need.__name__ for need in missing))}")
    return tuple(probe for probe in probes if probe.yields in wanted)


def waits_for_confirmation(check: Check) -> bool:
    """True if a fail of this rule may rest on a network failure."""
    return any(need.needs_confirmation for need in check.needs)
