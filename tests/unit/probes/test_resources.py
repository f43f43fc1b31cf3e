"""Which page is read, and what is asked about its hosts."""

from ipv6check.model.asset import View
from ipv6check.model.contact import Attempt, Contact, EndpointEvidence, HttpReply, PageLink
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Phase
from ipv6check.model.policy import Policy
from ipv6check.model.redirect import Hop, HopOutcome, RedirectEvidence
from ipv6check.model.resources import ResourceEvidence
from ipv6check.model.target import Protocol, Target
from ipv6check.probes.probe import Subject
from ipv6check.probes.resources import ResourceProbe
from tests.unit.engine.world import World

FINAL = Hop(url="https://www.a.gov.vn/", outcome=HopOutcome.FINAL, status=200)
TARGET = Target(host="www.a.gov.vn", port=443, protocol=Protocol.HTTPS)


def page(*hosts: str, **more) -> HttpReply:
    links = tuple(PageLink(host=host, url=f"https://{host}/x") for host in hosts)
    return HttpReply(**{"status": 200, "content_type": "Text/HTML; charset=utf-8", "links": links} | more)


async def look(world: World, own: HttpReply, *hops: Hop, landed: HttpReply | None = None, opted=()) -> ResourceEvidence:
    contact = Contact(address="2606:2800::80", port=443, attempts=(Attempt(at=0.0, phase=Phase.HTTP),), http=own)
    seen = {
        EndpointEvidence: EndpointEvidence(observed_at=0.0, target=TARGET.key, v6=(contact,)),
        RedirectEvidence: RedirectEvidence(observed_at=0.0, url="u", hops=hops or (FINAL,), landed=landed),
    }
    subject = Subject(target=TARGET, view=View.PUBLIC, is_opted_out=lambda name: name in opted)
    return await ResourceProbe().observe(subject, seen, world, Policy())


async def test_every_host_is_asked_once_for_aaaa_and_is_own_by_the_registered_name():
    world = World(aaaa={"static.a.gov.vn": ("2606:2800::81",), "b.gov.vn": DnsOutcome.NODATA})
    found = await look(world, page("static.a.gov.vn", "b.gov.vn"))
    assert [(one.host, one.own, one.aaaa.outcome) for one in found.resources] == [
        ("static.a.gov.vn", True, DnsOutcome.ANSWER),
        ("b.gov.vn", False, DnsOutcome.NODATA),
    ]
    assert world.asked == {"static.a.gov.vn AAAA": 1, "b.gov.vn AAAA": 1}
    assert not world.touched


async def test_the_page_is_the_one_a_redirect_leads_to():
    moved = Hop(url="https://a.gov.vn/", outcome=HopOutcome.FOLLOWED, status=301)
    found = await look(World(), page("own.a.gov.vn"), moved, FINAL, landed=page("new.a.gov.vn"))
    assert [one.host for one in found.resources] == ["new.a.gov.vn"]


async def test_where_there_is_no_page_nothing_is_asked():
    world = World()
    lost = Hop(url="https://b.gov.vn/", outcome=HopOutcome.NO_AAAA)
    for own, hops in (
        (page("x.vn", status=500), ()),
        (page("x.vn", content_type="image/png"), ()),
        (page("x.vn"), (lost,)),
    ):
        assert (await look(world, own, *hops)).page == ""
    assert not world.asked


async def test_literals_are_told_apart_and_never_asked_or_contacted():
    world = World()
    found = await look(world, page("10.1.2.3", "0x7f.1", "::1"))
    assert found.literals == ("https://10.1.2.3/x", "https://0x7f.1/x")
    assert [one.host for one in found.resources] == ["::1"]
    assert not world.asked
    assert not world.touched


async def test_who_opted_out_is_not_even_looked_up():
    world = World()
    found = await look(world, page("quiet.net"), opted=("quiet.net",))
    assert (found.resources[0].barred, found.resources[0].aaaa.outcome) == ("opted_out", DnsOutcome.NOT_ASKED)
    assert not world.asked


async def test_a_look_up_that_told_nothing_waits_for_the_second_look():
    world = World(aaaa={"a.net": DnsOutcome.TIMEOUT, "b.net": DnsOutcome.NODATA})
    probe = ResourceProbe()
    assert probe.is_doubtful(await look(world, page("a.net")))
    assert not probe.is_doubtful(await look(world, page("b.net")))
