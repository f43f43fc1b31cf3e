"""Where a redirect may lead, and where it must not, whatever a server writes into Location."""

import pytest

from ipv6check.model.asset import View
from ipv6check.model.contact import Attempt, Contact, EndpointEvidence, HttpReply
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy
from ipv6check.model.redirect import HopOutcome, RedirectEvidence
from ipv6check.model.target import Protocol, Target
from ipv6check.probes.probe import Subject
from ipv6check.probes.redirect import RedirectProbe, ipv4_of, target_of
from tests.unit.engine.world import World

GOOD = "2606:2800::80"
NEXT = "2606:2800::81"
ULA = "fd00::1"


async def walk(
    location: str,
    world: World,
    *,
    host: str = "a.example",
    view: View = View.PUBLIC,
    earlier=None,
    opted=(),
    status=302,
) -> RedirectEvidence:
    address = host if ":" in host else GOOD
    attempt = Attempt(at=0.0, phase=Phase.HTTP, tcp_ms=1.0)
    contact = Contact(address=address, port=443, attempts=(attempt,), http=HttpReply(status=status, location=location))
    target = Target(host=host, port=443, protocol=Protocol.HTTPS)
    seen = {EndpointEvidence: EndpointEvidence(observed_at=0.0, target=target.key, v6=(contact,))}
    if earlier is not None:
        seen[RedirectEvidence] = earlier
    subject = Subject(target=target, view=view, is_opted_out=lambda name: name in opted)
    return await RedirectProbe().observe(subject, seen, world, Policy())


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0x7f.1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("0", "0.0.0.0"),
        ("0x", "0.0.0.0"),
        ("08.8.8.8", "0.0.0.0"),
        ("1.2.3.4.5", "0.0.0.0"),
        ("1.2.3.4.5.6.7", "0.0.0.0"),
        ("name.0x1", "0.0.0.0"),
        ("a.b.c.0x1", "0.0.0.0"),
        ("::1", ""),
        ("::ffff:127.0.0.1", ""),
        ("a.example", ""),
        ("1.example", ""),
        ("xn--bcher-kva.example", ""),
    ],
)
def test_whatever_a_browser_reads_as_ipv4_is_ipv4(host: str, address: str):
    assert ipv4_of(host) == address


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("file:///etc/passwd", "scheme"),
        ("ftp://a.example/", "scheme"),
        ("data:text/html,x", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("gopher://a.example/", "scheme"),
        ("https://user@a.example/", "userinfo"),
        ("https://user:word@a.example/", "userinfo"),
        ("https://:@a.example/", "userinfo"),
        ("https://a.example:25/", "port"),
        ("https://a.example:22/", "port"),
        ("https://a.example:99999/", "malformed"),
        ("https://a.example:x/", "malformed"),
        ("https://[::1/", "malformed"),
        ("https:///path", "malformed"),
        ("https://a b/", "malformed"),
        ("https://a..example/", "malformed"),
        (f"https://{'a' * 64}.example/", "malformed"),
        ("https://a%2eexample/", "malformed"),
    ],
)
def test_urls_that_are_not_followed(url: str, word: str):
    assert target_of(url) == word


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://A.Example/", "https://a.example:443/"),
        ("HTTP://a.example", "http://a.example:80/"),
        ("https://a.example./x?y=1#z", "https://a.example:443/x?y=1"),
        ("https://bücher.example/", "https://xn--bcher-kva.example:443/"),
        ("https://１２７.0.0.1/", "https://127.0.0.1:443/"),
        ("https://[2606:2800::80]/", "https://[2606:2800::80]:443/"),
        ("https://a.example:8443/", "https://a.example:8443/"),
    ],
)
def test_urls_that_are_followed(url: str, key: str):
    target = target_of(url, own_port=8443)
    assert isinstance(target, Target)
    assert target.key == key


@pytest.mark.parametrize(
    ("location", "outcome"),
    [
        ("https://127.0.0.1/", HopOutcome.IPV4_LITERAL),
        ("https://2130706433/", HopOutcome.IPV4_LITERAL),
        ("https://1.2.3.4.5.6/", HopOutcome.IPV4_LITERAL),
        (f"https://[{ULA}]/", HopOutcome.BLOCKED_ADDRESS),
        ("https://[2001:db8::1]/", HopOutcome.BLOCKED_ADDRESS),
        ("https://inner.example/", HopOutcome.BLOCKED_ADDRESS),
        ("https://out.example/", HopOutcome.BLOCKED_ADDRESS),
        ("https://none.example/", HopOutcome.NO_AAAA),
        ("https://broken.example/", HopOutcome.DNS_UNKNOWN),
        ("https://[::1/", HopOutcome.BLOCKED_URL),
        ("https://[x]/", HopOutcome.BLOCKED_URL),
        ("file:///etc/passwd", HopOutcome.BLOCKED_URL),
        ("https://b.example/" + "x" * 2048, HopOutcome.BLOCKED_URL),
        ("https://a.example/", HopOutcome.LOOP),
    ],
)
@pytest.mark.parametrize("view", list(View))
async def test_nothing_is_sent_where_a_redirect_must_not_lead(location: str, outcome: HopOutcome, view: View):
    names = {"inner.example": (ULA,), "none.example": DnsOutcome.NODATA, "broken.example": DnsOutcome.SERVFAIL}
    world = World(aaaa={**names, "a.example": (GOOD,), "out.example": (NEXT,)})
    evidence = await walk(location, world, view=view, opted={"out.example"})
    assert evidence.hops[-1].outcome is outcome
    assert len(evidence.hops[-1].url) <= 2048
    assert not world.touched
    assert "out.example AAAA" not in world.asked


@pytest.mark.parametrize("location", ["/login", "login", "?x", f"https://[{ULA}]/login"])
async def test_an_internal_literal_may_redirect_to_itself(location: str):
    world = World()
    evidence = await walk(location, world, host=ULA, view=View.INTERNAL)
    assert evidence.hops[-1].outcome is HopOutcome.FINAL
    assert world.touched == {f"{ULA}:443": 1}


async def test_the_chain_is_walked_over_ipv6_only_and_a_downgrade_is_noticed():
    world = World(aaaa={"b.example": (NEXT,)}, a={"b.example": ("93.184.216.34",)})
    evidence = await walk("HTTP://b.example/", world)
    assert [hop.outcome for hop in evidence.hops] == [HopOutcome.FOLLOWED, HopOutcome.FINAL]
    assert evidence.downgraded
    assert world.touched == {f"{NEXT}:80": 1}
    assert "b.example A" not in world.asked


async def test_ten_redirects_are_followed_and_no_more():
    names = {f"n{number}.example": (f"2606:2800::{number + 256:x}",) for number in range(30)}
    hosts = {
        addresses[0]: [HttpReply(status=301, location=f"https://n{number + 1}.example/")]
        for number, addresses in enumerate(names.values())
    }
    world = World(aaaa=names, hosts=hosts)
    evidence = await walk("https://n0.example/", world)
    assert evidence.hops[-1].outcome is HopOutcome.TOO_MANY
    assert world.touched.total() == 10


async def test_a_hop_that_does_not_answer_is_tried_at_two_addresses():
    addresses = tuple(f"2606:2800::{number:x}" for number in range(1, 6))
    world = World(aaaa={"b.example": addresses}, hosts={address: [Failure.REFUSED] for address in addresses})
    evidence = await walk("https://b.example/", world)
    assert (evidence.hops[-1].outcome, evidence.hops[-1].failure) == (HopOutcome.UNREACHABLE, Failure.REFUSED)
    assert world.touched.total() == 2


async def test_a_walk_that_never_began_counts_as_no_try():
    world = World(aaaa={"b.example": (NEXT,)}, hosts={NEXT: [Failure.REFUSED]})
    first = await walk("https://b.example/", world, earlier=RedirectEvidence(observed_at=0.0, url="https://a.example/"))
    assert first.tries == 1
    assert (await walk("https://b.example/", world, earlier=first)).tries == 2
