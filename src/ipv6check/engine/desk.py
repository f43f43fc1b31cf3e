"""Which assets wait for which targets, so that a target listed twice is probed once."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from ipv6check.engine.plan import Plan
from ipv6check.engine.work import Work
from ipv6check.model.asset import Asset, evidence_key
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.result import TargetEvidence
from ipv6check.probes.probe import nobody

MOST_REMEMBERED = 256
"""Finished targets kept for further assets. A scan reads assets of one host next to each other, so few are needed."""


@dataclass(slots=True)
class OpenAsset:
    """An asset and the works of its targets, in target order. ``opted_out``: nothing of it is probed."""

    asset: Asset
    opted_out: bool = False
    works: list[Work] = field(default_factory=list)
    outstanding: int = 0


class Desk:
    """Admits assets, hands out the works they need, and gives assets back when their last target is done."""

    def __init__(self, plan: Plan, families: tuple[int, ...], *, is_opted_out: Callable[[str], bool] = nobody) -> None:
        self._plan = plan
        self._families = families
        self._is_opted_out = is_opted_out
        self._active: dict[str, Work] = {}
        self._recent: OrderedDict[str, Work] = OrderedDict()
        self._open: dict[str, OpenAsset] = {}

    def __len__(self) -> int:
        """Assets admitted and not given back."""
        return len(self._open)

    def admit(
        self, asset: Asset, evidence: tuple[TargetEvidence, ...] = (), *, again: bool = False
    ) -> tuple[OpenAsset, list[Work]]:
        """The open asset and the works to run for it; none if it needs none, or others already run them.

        ``again`` makes this a second look: works start from the ``evidence`` of the first, or anew where it has none.
        """
        opened = OpenAsset(asset)
        fresh: list[Work] = []
        earlier = {item.target: item.evidence for item in evidence}
        for target in asset.targets:
            key = evidence_key(target, asset.view)
            work, known = self._active.get(key) or self._recent.get(key), dict[type[Evidence], Evidence]()
            probes = self._plan.probes[asset.kind, target.protocol]
            if work is not None and not set(probes) <= set(work.probes):  # another kind of asset asked for less
                probes = self._plan.united(work.probes, probes)
                if key in self._active:
                    work.widen(probes)
                else:
                    known, work = dict(work.seen), None
            if work is None:
                work = Work(
                    target=target,
                    view=asset.view,
                    probes=probes,
                    families=self._families,
                    is_opted_out=self._is_opted_out,
                    seen={type(item): item for item in earlier.get(key, ())} or known,
                )
                if again:
                    work.begin_second_look()
                fresh.append(work)
                self._active[key] = work
            opened.works.append(work)
            if key in self._active:
                opened.outstanding += 1
                work.assets.append(asset)
        if opened.outstanding:
            self._open[asset.id] = opened
        return opened, fresh

    def settle(self, work: Work) -> list[OpenAsset]:
        """The assets for which this was the last open target."""
        del self._active[work.key]
        self._recent[work.key] = work
        if len(self._recent) > MOST_REMEMBERED:
            self._recent.popitem(last=False)
        complete: list[OpenAsset] = []
        for asset in work.assets:
            opened = self._open[asset.id]
            opened.outstanding -= 1
            if not opened.outstanding:
                complete.append(self._open.pop(asset.id))
        work.assets = []
        return complete

    def forget(self) -> None:
        """Drop what was remembered, before a pass that must look again."""
        self._recent.clear()
