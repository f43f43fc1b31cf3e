"""Which alerts a standing gives rise to, under what was known before. Pure: the same ledger and the same facts give the
same alerts, so that a restart neither repeats nor loses one.

Only what is proven moves anything: an asset that could not be told, a goal neither met nor missed, and a milestone that
cannot be measured leave things as they were.
"""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from ipv6check.model.alert import WHOLE, Alert, AlertRules, Ledger, OpenTrouble, Topic
from ipv6check.model.history import Change, MilestoneState
from ipv6check.model.rating import Readiness
from ipv6check.model.scan import Scan, ScanState
from ipv6check.model.standing import AssetStanding, Group, Standing
from ipv6check.model.verdict import Arg, Status, Verdict

_RANK = {Readiness.READY: 2, Readiness.PARTIAL: 1, Readiness.NOT_READY: 0}
_SETTLED = (Readiness.EXEMPT, Readiness.NOT_APPLICABLE)
_LATE = {MilestoneState.AT_RISK: True, MilestoneState.MISSED: True, MilestoneState.NOT_MEASURABLE: None}
CERTIFICATE_RULE = "TLS001"


def is_good(scan: Scan) -> bool:
    """True if what a scan found may be told to people: it ended, and its vantage was fit."""
    return scan.state is ScanState.COMPLETE and scan.trustworthy


def alerts_of_standing(
    ledger: Ledger, standing: Standing, changes: Iterable[Change], rules: AlertRules
) -> tuple[Ledger, tuple[Alert, ...]]:
    """What a good scan changed. ``changes`` are the confirmed ones since the scan ``ledger.evaluated``.

    The first standing ever is the ground to start from: of it only certificates are told.
    """
    book = _Book(ledger, standing.scan.ended or standing.scan.started, standing.scan.id)
    first = not ledger.evaluated
    for change in () if first else changes:
        _asset(book, change)
    for group in (standing.whole, *standing.agencies):
        _group(book, group, silent=first)
    _milestones(book, standing, silent=first)
    for one in standing.assets:
        _certificate(book, one, standing.today, rules.certificate_days)
    _forget_gone(book, standing)
    return book.closed(evaluated=standing.scan.id), tuple(book.alerts)


def alerts_of_vantage(ledger: Ledger, scan: Scan) -> tuple[Ledger, tuple[Alert, ...]]:
    """Whether the vantage of an ended scan was fit. A scan that was stopped says nothing about it."""
    book = _Book(ledger, scan.ended or scan.started, scan.id)
    tests = scan.vantage.selftests
    sick = not scan.trustworthy or (bool(tests) and tests[-1].fitness.value != "fit")
    if sick or scan.state is ScanState.COMPLETE:
        args: dict[str, Arg] = {"fitness": tests[-1].fitness.value if tests else "", "vantage": scan.vantage.name}
        book.set(Topic.VANTAGE, "vantage:" + scan.vantage.name, sick, name=scan.vantage.name, args=args)
    good_at = (scan.ended or scan.started) if is_good(scan) else 0.0
    return book.closed(last_good=max(ledger.last_good, good_at)), tuple(book.alerts)


def alerts_of_silence(ledger: Ledger, now: float, rules: AlertRules) -> tuple[Ledger, tuple[Alert, ...]]:
    """Whether the last good scan is too long ago. Without any good scan the wait is counted from the first look."""
    if not ledger.last_good:
        return replace(ledger, last_good=now), ()
    book = _Book(ledger, now, "")
    if rules.silence_s is not None:
        hours = int((now - ledger.last_good) // 3600)
        book.set(Topic.SILENCE, "silence:", now - ledger.last_good > rules.silence_s, args={"hours": hours})
    return book.closed(), tuple(book.alerts)


class _Book:
    """A ledger while alerts are found: troubles opened and closed, each transition noted once."""

    def __init__(self, ledger: Ledger, at: float, scan: str) -> None:
        self._ledger, self._at, self._scan = ledger, at, scan
        self.open = dict(ledger.open)
        self.alerts: list[Alert] = []

    def set(
        self,
        topic: Topic,
        key: str,
        bad: bool | None,
        *,
        silent: bool = False,
        name: str = "",
        agency: str = "",
        args: dict[str, Arg] | None = None,
        cause: Verdict | None = None,
    ) -> None:
        """Book what is known about ``key``; None changes nothing, ``silent`` opens without telling."""
        if bad is None or bad == (key in self.open):
            return
        if bad:
            self.open[key] = OpenTrouble(since=self._at, told=not silent)
        else:
            del self.open[key]
        if not (bad and silent):
            self.tell(topic, key, good=not bad, name=name, agency=agency, args=args or {}, cause=cause)

    def tell(
        self, topic: Topic, key: str, *, good: bool, name: str, agency: str, args: dict[str, Arg], cause: Verdict | None
    ) -> None:
        """Note an alert."""
        self.alerts.append(
            Alert(
                topic=topic,
                good=good,
                key=key,
                at=self._at,
                scan=self._scan,
                name=name,
                agency=agency,
                args=args,
                cause=cause,
            )
        )

    def note(self, key: str, *, told: bool, best: Readiness, now: Readiness) -> None:
        """Open, or bring up to date, what is known about an asset."""
        since = self.open[key].since if key in self.open else self._at
        self.open[key] = OpenTrouble(since=since, told=told, best=best, now=now)

    def closed(self, **changes: str | float) -> Ledger:
        """The ledger afterwards."""
        return replace(self._ledger, open=self.open, **changes)


def _asset(book: _Book, change: Change) -> None:
    """A regression is a proven fall below what the asset had reached; a recovery brings it back there.

    Between the two it may be unseen for a while (``told`` False if nothing was told yet): that is no alert.
    """
    key = f"asset:{change.asset.id}"
    known = book.open.get(key)
    after, before = change.after, change.before
    if after is None or after in _SETTLED:
        book.open.pop(key, None)
        return
    best = known.best if known and known.best else before
    if best not in (Readiness.READY, Readiness.PARTIAL):
        return
    told = known is not None and known.told
    rank = _RANK.get(after)
    if rank is None:
        book.note(key, told=told, best=best, now=(known.now if known and known.now else best))
        return
    args: dict[str, Arg] = {"before": (before or best).value, "after": after.value}
    cause = change.cause[0] if change.cause else None
    facts = {"name": change.asset.name, "agency": change.asset.agency, "args": args, "cause": cause}
    if rank >= _RANK[best]:
        book.open.pop(key, None)
        if told:
            book.tell(Topic.ASSET, key, good=True, **facts)  # type: ignore[arg-type]
        return
    if not told or rank < _RANK.get(known.now if known and known.now else best, 0):
        book.tell(Topic.ASSET, key, good=False, **facts)  # type: ignore[arg-type]
    book.note(key, told=True, best=best, now=after)


def _group(book: _Book, group: Group, *, silent: bool) -> None:
    """An agency, or everything, that fell below its goal for certain, or reached it."""
    low = group.rate.low
    args: dict[str, Arg] = {
        "rate": int(low * 1000) / 10 if low is not None else "",
        "goal": group.goal * 100,
        "ready": group.rate.ready,
        "total": group.rate.denominator,
    }
    bad = None if group.meets is None else not group.meets
    book.set(Topic.AGENCY, _group_key(group), bad, silent=silent, agency=group.key, args=args)


def _group_key(group: Group) -> str:
    """Everything, and what has no agency, have the same empty key and are not the same."""
    return WHOLE if group.kind == "whole" else f"agency:{group.key}"


def _milestones(book: _Book, standing: Standing, *, silent: bool) -> None:
    for outcome in standing.past.milestones if standing.past else ():
        stone = outcome.milestone
        low = outcome.rate.low if outcome.rate else None
        args: dict[str, Arg] = {
            "indicator": stone.indicator,
            "day": stone.date.isoformat(),
            "goal": stone.at_least * 100,
            "days": outcome.days,
            "rate": int(low * 1000) / 10 if low is not None else "",
        }
        key = f"milestone:{stone.indicator}:{stone.date.isoformat()}"
        book.set(Topic.MILESTONE, key, _LATE.get(outcome.state, False), silent=silent, name=stone.indicator, args=args)


def _certificate(book: _Book, one: AssetStanding, today: date, days: int) -> None:
    """The certificate over IPv6, by its last day. One that has ended fails its rule, which is a change of the asset."""
    verdict = next((rated.verdict for rated in one.verdicts if rated.verdict.rule == CERTIFICATE_RULE), None)
    expires = str(verdict.args.get("expires") or "") if verdict and verdict.status is Status.PASS else ""
    if not expires:
        return
    left = (date.fromisoformat(expires) - today).days
    args: dict[str, Arg] = {"day": expires, "days": left}
    key = f"certificate:{one.asset.id}"
    book.set(
        Topic.CERTIFICATE, key, left <= days, name=one.asset.name, agency=one.asset.agency, args=args, cause=verdict
    )


def _forget_gone(book: _Book, standing: Standing) -> None:
    """Nobody is told that an asset is well which is no longer in the inventory."""
    here = {f"{kind}:{one.asset.id}" for one in standing.assets for kind in ("asset", "certificate")}
    here |= {_group_key(group) for group in (standing.whole, *standing.agencies)}
    gone = [key for key in book.open if key.startswith(("asset:", "certificate:", "agency:")) and key not in here]
    for key in gone:
        del book.open[key]
