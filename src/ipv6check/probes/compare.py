"""What is looked at only once every address is decided: the families against each other, and port 80."""

from msgspec.structs import replace

from ipv6check.model.contact import Comparison, Contact, EndpointEvidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.api import Net, Page
from ipv6check.probes.probe import Subject

Pages = dict[str, Page]  # by address; kept only while one call of the endpoint probe runs


async def compare_families(
    evidence: EndpointEvidence, subject: Subject, net: Net, policy: Policy, pages: Pages
) -> EndpointEvidence:
    """The evidence with parity, latency samples and plain HTTP added where they can tell something."""
    target = subject.target
    if target.protocol is Protocol.HTTPS and evidence.v6 and not any(contact.connected for contact in evidence.v6):
        unanswered = not any(contact.connected for contact in evidence.plain_http)
        if 6 in subject.families and (not evidence.plain_http or (subject.second_look and unanswered)):
            evidence = replace(evidence, plain_http=await _port_80(evidence, subject, net))
        return evidence
    if 4 not in subject.families:
        return evidence
    connected = sorted(filter(_is_connected, evidence.v6), key=lambda contact: contact.http is None)
    v6 = connected[0] if connected else None
    v4 = next(filter(_is_connected, evidence.v4), None)
    if v6 is None or v4 is None:
        return evidence
    if target.protocol.is_web and evidence.comparison is None and v6.http and v4.http:
        comparison = await _compare_pages(v6, v4, subject, net, pages, policy)
        evidence = replace(evidence, comparison=comparison)
    gap = v6.samples_ms[0] - v4.samples_ms[0]
    if gap > policy.thresholds.latency_sample_gap_ms and len(v6.samples_ms) == 1:
        evidence = await _sample_latency(evidence, v6, v4, subject, net, policy)
    return evidence


def _is_connected(contact: Contact) -> bool:
    return contact.connected


async def _port_80(evidence: EndpointEvidence, subject: Subject, net: Net) -> tuple[Contact, ...]:
    """One GET on port 80 at the first two IPv6 addresses on which 443 answered nothing."""
    target = Target(host=subject.target.host, port=80, protocol=Protocol.HTTP, zone=subject.target.zone)
    contacts = []
    for contact in evidence.v6[:2]:
        endpoint = Endpoint(name=target.host, address=contact.address, port=80, zone=target.zone)
        touch = await net.dialer.touch(endpoint, target)
        contacts.append(Contact(address=contact.address, port=80, attempts=(touch.attempt,), http=touch.http))
        if touch.attempt.failure is None:
            break
    return tuple(contacts)


async def _compare_pages(
    v6: Contact, v4: Contact, subject: Subject, net: Net, pages: Pages, policy: Policy
) -> Comparison:
    """Reply against reply. The texts are compared, and the page's own noise measured, only if the hashes differ."""
    assert v6.http is not None
    assert v4.http is not None
    facts = {
        "status_same": v6.http.status == v4.http.status,
        "type_same": v6.http.content_type == v4.http.content_type,
        "title_same": v6.http.title == v4.http.title,
        "location_same": v6.http.location == v4.http.location,
    }
    if v6.http.body_sha256 == v4.http.body_sha256 or not facts["status_same"]:
        return Comparison(**facts)
    first = pages.get(v4.address) or await _fetch(v4, subject, net)
    other = pages.get(v6.address) or await _fetch(v6, subject, net)
    if first is None or other is None:
        return Comparison(**facts, compared=False)
    similarity = net.dialer.similarity(first, other)
    if similarity >= policy.thresholds.content_similarity:
        return Comparison(**facts, similarity=similarity)
    again = await _fetch(v4, subject, net)
    if again is None:
        return Comparison(**facts, similarity=similarity, compared=False)
    return Comparison(**facts, similarity=similarity, noise=net.dialer.similarity(first, again))


async def _fetch(contact: Contact, subject: Subject, net: Net) -> Page | None:
    """The page once more from the same address; None if it did not come: a limit, a challenge or an error in its place
    is another page, and says nothing about how much this one varies."""
    endpoint = Endpoint(name=subject.target.host, address=contact.address, port=contact.port, zone=subject.target.zone)
    touch = await net.dialer.touch(endpoint, subject.target)
    same = touch.http is not None and contact.http is not None and touch.http.status == contact.http.status
    return touch.page if same and touch.attempt.failure is None else None


async def _sample_latency(
    evidence: EndpointEvidence, v6: Contact, v4: Contact, subject: Subject, net: Net, policy: Policy
) -> EndpointEvidence:
    """Further connects in turn, IPv6 then IPv4, so that a passing load meets both."""
    samples: dict[str, list[float]] = {v6.address: list(v6.samples_ms), v4.address: list(v4.samples_ms)}
    for _ in range(policy.thresholds.latency_samples - 1):
        for contact in (v6, v4):
            endpoint = Endpoint(name="", address=contact.address, port=contact.port, zone=subject.target.zone)
            attempt = await net.dialer.connect_ms(endpoint)
            if attempt.tcp_ms is not None:
                samples[contact.address].append(attempt.tcp_ms)

    def sampled(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
        return tuple(
            replace(contact, samples_ms=tuple(samples[contact.address])) if contact.address in samples else contact
            for contact in contacts
        )

    return replace(evidence, v6=sampled(evidence.v6), v4=sampled(evidence.v4))
