"""The target's port at every address of both families: connect, TLS, HTTP or exchange, each attempt recorded."""

from msgspec.structs import replace

from ipv6check.model.contact import Attempt, Contact, EndpointEvidence
from ipv6check.model.dns import NameEvidence
from ipv6check.model.evidence_base import Evidence
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy
from ipv6check.model.target import Endpoint
from ipv6check.net.api import Net, Touch
from ipv6check.probes.blackhole import explain_stall, has_stalled, with_touch
from ipv6check.probes.compare import Pages, compare_families
from ipv6check.probes.probe import Seen, Subject, contactable
from ipv6check.probes.together import together
from ipv6check.probes.tries import (
    endpoint_wait,
    endpoint_wants_second_look,
    spent_s,
    wait_before_next,
    wants_second_look,
)


class EndpointProbe:
    """One try per undecided address and call. When all are decided, what compares the families is added once."""

    yields = EndpointEvidence
    needs: tuple[type[Evidence], ...] = (NameEvidence,)

    async def observe(self, subject: Subject, seen: Seen, net: Net, policy: Policy) -> EndpointEvidence:
        """The next try of every undecided address; the first call also settles which addresses there are."""
        started = net.clock.monotonic()
        earlier = seen.get(EndpointEvidence)
        if isinstance(earlier, EndpointEvidence):
            evidence = earlier
        else:
            name = seen[NameEvidence]
            assert isinstance(name, NameEvidence)
            evidence = _untried(name, subject, net, policy)
        pages: Pages = {}
        contacts = await _try_undecided(evidence.v6 + evidence.v4, subject, net, policy, pages)
        split = len(evidence.v6)
        took_ms = round(evidence.took_ms + (net.clock.monotonic() - started) * 1000, 2)
        evidence = replace(evidence, v6=contacts[:split], v4=contacts[split:], took_ms=took_ms)
        if endpoint_wait(evidence, policy, families=subject.families) is None:
            evidence = await compare_families(evidence, subject, net, policy, pages)
        return evidence

    def wait_s(self, evidence: EndpointEvidence, policy: Policy, families: tuple[int, ...]) -> float | None:
        """The shortest wait until one of the addresses is due."""
        return endpoint_wait(evidence, policy, families=families)

    def is_doubtful(self, evidence: EndpointEvidence) -> bool:
        """True if any address failed for a reason that must be confirmed."""
        return endpoint_wants_second_look(evidence)


def _untried(name: NameEvidence, subject: Subject, net: Net, policy: Policy) -> EndpointEvidence:
    """Contacts without an attempt: every IPv6 address up to the policy's number, and one IPv4 address to compare.

    Where there is nothing over IPv6, IPv4 has nothing to be compared with and is left alone.
    """
    v6, barred_v6 = contactable(name.aaaa, subject, net)
    v4 = contactable(name.a, subject, net)[0] if v6 else ()
    most = policy.thresholds.max_addresses
    port = subject.target.port
    return EndpointEvidence(
        observed_at=net.clock.utc(),
        target=subject.target.key,
        accepted=subject.target.expected_status,
        v6=tuple(Contact(address=address, port=port) for address in v6[:most]),
        v4=tuple(Contact(address=address, port=port) for address in v4[:1]),
        barred=barred_v6,
        sampled=len(v6) > most,
    )


async def _try_undecided(
    contacts: tuple[Contact, ...], subject: Subject, net: Net, policy: Policy, pages: Pages
) -> tuple[Contact, ...]:
    """Every contact, those that are undecided with one more attempt; addresses and families in parallel."""
    waits = [wait_before_next(contact, policy) if contact.family in subject.families else None for contact in contacts]
    shortest = min((wait for wait in waits if wait is not None), default=0.0)
    due = [index for index, contact in enumerate(contacts) if _is_due(contact, waits[index], shortest, subject)]
    tried = await together([_one_try(contacts[index], subject, net, policy, pages) for index in due])
    after = list(contacts)
    for index, contact in zip(due, tried, strict=True):
        after[index] = contact
    return tuple(after)


def _is_due(contact: Contact, wait: float | None, shortest: float, subject: Subject) -> bool:
    """True if the contact gets a try in this call.

    Only the shortest wait is over by now: an address that waits 15 s is not tried early because another waits 2 s.
    """
    if contact.family not in subject.families:
        return False
    if subject.second_look and contact.attempts:
        return wants_second_look(contact)
    return wait is not None and wait <= shortest


async def _one_try(contact: Contact, subject: Subject, net: Net, policy: Policy, pages: Pages) -> Contact:
    """One connection to one address, added to its contact; none once the endpoint's budget is spent."""
    if spent_s(contact, policy) >= policy.retries.budget_s:
        spent = Attempt(at=net.clock.utc(), phase=Phase.ROUTE, failure=Failure.BUDGET)
        return replace(contact, attempts=(*contact.attempts, spent))
    endpoint = Endpoint(name=subject.target.host, address=contact.address, port=contact.port, zone=subject.target.zone)

    async def touch(*, mss: int) -> Touch:
        found = await net.dialer.touch(endpoint, subject.target, mss=mss)
        if found.page is not None and not mss:
            pages[contact.address] = found.page
        return found

    tried = with_touch(contact, await touch(mss=0))
    if has_stalled(tried) and (subject.second_look or wait_before_next(tried, policy) is None):
        return await explain_stall(tried, touch, policy, swallowed=net.dialer.swallowed)
    return tried
