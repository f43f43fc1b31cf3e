"""One target on its way through its probes: what was seen, what is still to do, and when it is due again."""

import math
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ipv6check.model.asset import Asset, View, evidence_key
from ipv6check.model.contact import Contact, EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.evidence import AnyEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.mail import MailEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Target
from ipv6check.net.api import Net
from ipv6check.probes.probe import AnyProbe, Subject, nobody
from ipv6check.probes.together import together
from ipv6check.probes.tries import is_unconfirmed, wait_before_next, wants_second_look, without_own_timeouts

SHORT_WAIT_S = 0.25
"""A pacing wait up to this long is sat out inside the pool; a longer one is parked outside."""

LONGEST_POLL_S = 10.0


@dataclass(slots=True, eq=False)
class Work:
    """A target shared by every asset that lists it with the same view.

    ``todo`` are the evidence types to gather now, ``waiting`` those that get another try after a pause. ``due`` is
    the monotonic time of the next step while the work is parked, ``looked_at`` the UTC time of the first look's end.
    """

    target: Target
    view: View
    probes: tuple[AnyProbe, ...]
    families: tuple[int, ...]
    is_opted_out: Callable[[str], bool] = nobody
    seen: dict[type[Evidence], Evidence] = field(default_factory=dict)
    todo: set[type[Evidence]] = field(default_factory=set)
    waiting: set[type[Evidence]] = field(default_factory=set)
    assets: list[Asset] = field(default_factory=list)
    due: float = 0.0
    second_look: bool = False
    looked_again: bool = False
    looked_at: float = 0.0
    polls: int = 0
    crash: str = ""
    abandoned: bool = False
    key: str = ""

    def __post_init__(self) -> None:
        """Everything not seen yet is to be gathered. ``key`` is what makes two targets one."""
        self.key = evidence_key(self.target, self.view)
        self.todo.update(probe.yields for probe in self.probes if probe.yields not in self.seen)

    def widen(self, probes: tuple[AnyProbe, ...]) -> None:
        """Gather what further probes bring as well; they stand in an order in which needs come first."""
        self.todo.update(probe.yields for probe in probes if probe not in self.probes)
        self.probes = probes

    @property
    def wants_step(self) -> bool:
        """True if something was asked for while the last step ended."""
        return not self.crash and bool(self._ready())

    @property
    def evidence(self) -> tuple[AnyEvidence, ...]:
        """Everything seen, in probe order."""
        return tuple(self.seen[probe.yields] for probe in self.probes if probe.yields in self.seen)  # type: ignore[misc]

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """The addresses of the target over the scan's families."""
        evidence = self.seen.get(EndpointEvidence)
        if not isinstance(evidence, EndpointEvidence):
            return ()
        return (evidence.v6 if 6 in self.families else ()) + (evidence.v4 if 4 in self.families else ())

    @property
    def _exchangers(self) -> tuple[Contact, ...]:
        """The addresses of the name's mail exchangers."""
        mail = self.seen.get(MailEvidence)
        if not isinstance(mail, MailEvidence):
            return ()
        return tuple(contact for test in mail.exchangers for contact in (*test.v6, *test.v4))

    async def step(self, net: Net, policy: Policy) -> float | None:
        """Run what can run now; return the seconds until the next step, or None if all is settled."""
        self.todo |= self.waiting
        self.waiting.clear()
        held: float | None = None
        while ready := self._ready():
            if any(probe.yields is EndpointEvidence for probe in ready):
                pacing = self._pacing_wait(net, policy)
                if pacing > SHORT_WAIT_S:
                    self.todo.discard(EndpointEvidence)
                    self.waiting.add(EndpointEvidence)
                    held = pacing
                    continue
            subject = self._subject()
            found = await together([probe.observe(subject, self.seen, net, policy) for probe in ready])
            for probe, evidence in zip(ready, found, strict=True):
                self._store(probe.yields, evidence, policy)
        if not self.waiting:
            return None
        if held is not None:  # its table's wait is over already
            return held
        wait = max(self._wait(kind, policy) or 0.0 for kind in self.waiting)
        return wait * (1 + policy.retries.jitter * random.random())

    def excuse_timeouts(self, since: float, policy: Policy) -> float | None:
        """Book every time-out from ``since`` on (UTC seconds) as ours; the seconds until a try owed for it, or None."""
        endpoint = self.seen.get(EndpointEvidence)
        if not isinstance(endpoint, EndpointEvidence):
            return None
        excused = without_own_timeouts(endpoint, since=since)
        if excused is endpoint:
            return None
        self.seen[EndpointEvidence] = excused
        wait = self._wait(EndpointEvidence, policy)
        if wait is None:
            self.waiting.discard(EndpointEvidence)
        else:
            self.waiting.add(EndpointEvidence)
            made_from_it = (probe.yields for probe in self.probes if EndpointEvidence in probe.needs)
            self.todo.update(kind for kind in made_from_it if kind in self.seen)  # from what was not yet decided
        return wait

    def begin_second_look(self) -> None:
        """Put back on the list what failed in a way that one more try may disprove, and what was made from it."""
        self.second_look = True
        self.looked_at = self._latest_try()
        if self._is_doubtful(NameEvidence):  # everything else came from it
            self.seen.clear()
            self.todo = {probe.yields for probe in self.probes}
            return
        again: set[type[Evidence]] = set()
        for probe in self.probes:  # what an evidence is made from comes before it
            if self._is_doubtful(probe.yields) or (probe.yields in self.seen and not again.isdisjoint(probe.needs)):
                again.add(probe.yields)
        self.todo |= again

    @property
    def wants_second_look(self) -> bool:
        """True while something seen has failed in a way that waits for confirmation."""
        if self.second_look:
            return any(map(is_unconfirmed, (*self.contacts, *self._exchangers)))
        return any(probe.is_doubtful(self.seen[probe.yields]) for probe in self.probes if probe.yields in self.seen)

    def may_be_ours(self, kind: type[Evidence]) -> bool:
        """True if a vantage in trouble could have spoilt the evidence of that kind."""
        return kind.needs_confirmation and (not kind.answers_prove or self._is_doubtful(kind))

    def _is_doubtful(self, kind: type[Evidence]) -> bool:
        """True if evidence of that kind was seen and waits for confirmation."""
        seen = self.seen.get(kind)
        return seen is not None and any(probe.is_doubtful(seen) for probe in self.probes if probe.yields is kind)

    def _latest_try(self) -> float:
        """UTC seconds of the last thing done for the target; 0 if nothing was."""
        stamps = [evidence.observed_at for evidence in self.seen.values()]
        stamps += [contact.attempts[-1].at for contact in self.contacts if contact.attempts]
        return max(stamps, default=0.0)

    def _subject(self) -> Subject:
        return Subject(
            target=self.target,
            view=self.view,
            fresh=self.second_look,
            second_look=self.second_look and not self.looked_again,
            families=self.families,
            is_opted_out=self.is_opted_out,
        )

    def _ready(self) -> list[AnyProbe]:
        """The probes that are to run and need nothing that is still open."""
        if not self.todo:
            return []
        unsettled = self.todo | self.waiting  # whatever was never seen is among them
        return [probe for probe in self.probes if probe.yields in self.todo and unsettled.isdisjoint(probe.needs)]

    def _store(self, kind: type[Evidence], evidence: Evidence, policy: Policy) -> None:
        """Keep the evidence, and put its kind on the waiting list if it is not settled."""
        self.seen[kind] = evidence
        self.todo.discard(kind)
        if kind is EndpointEvidence and self.second_look:
            self.looked_again = True
        if self._wait(kind, policy) is not None:
            self.waiting.add(kind)

    def _wait(self, kind: type[Evidence], policy: Policy) -> float | None:
        """Seconds the retry table puts before the next try; None if the evidence is settled."""
        evidence = self.seen.get(kind)
        if evidence is None:
            return None
        probe = next((probe for probe in self.probes if probe.yields is kind), None)
        return None if probe is None else probe.wait_s(evidence, policy, self.families)

    def _pacing_wait(self, net: Net, policy: Policy) -> float:
        """Seconds until pacing admits a connection to the busiest address that is due one; grows while it says no,
        so that a crowded prefix is not polled by thousands at once."""
        if EndpointEvidence in self.seen:
            again = self.second_look and not self.looked_again
            addresses: Iterable[str] = [
                contact.address
                for contact in self.contacts
                if (wants_second_look(contact) if again else wait_before_next(contact, policy) is not None)
            ]
        else:
            name = self.seen[NameEvidence]
            assert isinstance(name, NameEvidence)
            addresses = (*name.aaaa.records[:1], *name.a.records[:1])
        wait = max((net.dialer.wait_s(address) for address in addresses), default=0.0)
        if wait <= SHORT_WAIT_S:
            self.polls = 0
            return wait
        self.polls += 1
        grown = min(max(wait, math.ldexp(SHORT_WAIT_S, self.polls)), LONGEST_POLL_S)
        return grown * (1 + 0.5 * random.random())
