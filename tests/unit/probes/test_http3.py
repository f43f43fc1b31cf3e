"""When HTTP/3 is tried, where, and when it is not."""

import pytest
from msgspec.structs import replace

from ipv6check.model.contact import EndpointEvidence, HttpReply
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.http3 import Announced, Http3Evidence
from ipv6check.model.policy import Policy
from ipv6check.model.target import Protocol, Target
from ipv6check.model.zone import BindingEvidence
from ipv6check.probes.http3 import Http3Probe, alternatives
from ipv6check.probes.probe import Subject
from tests.factories import V4, V6, V6_B, binding, endpoint, failed, http3, served
from tests.unit.engine.world import World

H3 = 'h3=":443"; ma=86400'


async def look(
    world: World,
    found: EndpointEvidence,
    record: BindingEvidence | None = None,
    *,
    port: int = 443,
    families: tuple[int, ...] = (6, 4),
) -> Http3Evidence:
    target = Target(host="www.example.vn", port=port, protocol=Protocol.HTTPS)
    seen = {EndpointEvidence: found, BindingEvidence: record or binding(outcome=DnsOutcome.NODATA)}
    return await Http3Probe().observe(Subject(target=target, families=families), seen, world, Policy())


@pytest.mark.parametrize(
    ("field", "told"),
    [
        (H3, [("", 443)]),
        ('h2="a.vn:443"; ma=60, H3=":8443"; persist=1', [("", 8443)]),
        ('h3="cdn.vn:443", h3=":443"', [("cdn.vn", 443), ("", 443)]),
        ('h3="[2a00::1]:443"', [("[2a00::1]", 443)]),
        ('h3-29=":443"', []),
        ("clear", []),
        ('h3=":0", h3=":99999", h3=":x", h3="443", h3=:443, h3=":٤٤٣"', []),
        ('xh3=":443"', []),
    ],
)
def test_what_an_alt_svc_field_says(field, told):
    assert list(alternatives(HttpReply(status=200, alt_svc=field))) == told


async def test_what_is_not_announced_is_not_tried():
    world = World()
    found = await look(world, endpoint(served(), v4=(served(V4),)))
    assert (found.announced, found.v6, found.v4, world.got) == (Announced.NOWHERE, (), (), [])


async def test_ipv4_is_left_alone_where_ipv6_answers_as_it_does_over_tcp():
    world = World()
    found = await look(world, endpoint(served(alt_svc=H3), v4=(served(V4),)))
    assert (found.announced, found.port, world.got) == (Announced.ALT_SVC, 443, [f"{V6} 443"])


@pytest.mark.parametrize("end", [404, Failure.TIMEOUT])
async def test_ipv4_is_asked_where_ipv6_fails_or_differs_and_the_scan_may(end):
    page = endpoint(served(alt_svc=H3), v4=(served(V4),))
    world = World(http3={V6: end})
    found = await look(world, page)
    assert world.got == [f"{V6} 443", f"{V4} 443"]
    assert found.v4[0].http.status == 200
    assert Http3Probe().is_doubtful(found)
    alone = World(http3={V6: end})
    assert (await look(alone, page, families=(6,))).v4 == ()
    assert alone.got == [f"{V6} 443"]


async def test_two_addresses_at_most_and_none_that_did_not_reply():
    several = endpoint(failed(), *(served(f"2a00:1450::8{number}", alt_svc=H3) for number in range(1, 4)))
    world = World()
    found = await look(world, several)
    assert (world.got, found.sampled) == (["2a00:1450::81 443", "2a00:1450::82 443"], True)


@pytest.mark.parametrize(
    ("records", "port", "announced", "tried", "elsewhere"),
    [
        ((". 0",), 443, Announced.HTTPS_RECORD, 443, ""),
        ((". 0",), 8443, Announced.HTTPS_RECORD, 8443, ""),
        ((". 443",), 8443, Announced.HTTPS_RECORD, 443, ""),
        ((". 25",), 443, Announced.HTTPS_RECORD, 0, "www.example.vn:25"),
        (("cdn.vn 0",), 443, Announced.HTTPS_RECORD, 0, "cdn.vn:443"),
        (("cdn.vn 0", ". 0"), 443, Announced.HTTPS_RECORD, 443, ""),
    ],
)
async def test_only_the_sites_own_host_is_tried_at_443_and_at_its_own_port(records, port, announced, tried, elsewhere):
    world = World()
    found = await look(world, endpoint(served()), binding(http3=records), port=port)
    assert (found.announced, found.port, found.elsewhere) == (announced, tried, elsewhere)
    assert world.got == ([f"{V6} {tried}"] if tried else [])


async def test_without_a_record_that_was_read_nobody_knows_what_is_announced():
    lost = binding(outcome=DnsOutcome.SERVFAIL)
    assert (await look(World(), endpoint(served()), lost)).announced is Announced.UNTOLD
    assert (await look(World(), endpoint(served(alt_svc=H3)), lost)).announced is Announced.ALT_SVC
    asked_nobody = binding(outcome=DnsOutcome.NOT_ASKED)
    assert (await look(World(), endpoint(served()), asked_nobody)).announced is Announced.NOWHERE


async def test_without_a_reply_over_ipv6_nothing_is_tried():
    world = World()
    page = endpoint(failed(), v4=(served(V4, alt_svc=H3),))
    assert (await look(world, page)).announced is Announced.NOWHERE
    assert (await look(world, endpoint(served(alt_svc=H3)), families=(4,))).v6 == ()
    limited = replace(failed(Failure.RATE_LIMITED, phase=Phase.HTTP), http=HttpReply(status=429, alt_svc=H3))
    assert (await look(world, endpoint(limited))).v6 == ()
    assert not world.got


def test_what_one_more_look_may_disprove():
    blocked = failed(Failure.LOCAL_PORT_BLOCKED, phase=Phase.EXCHANGE)
    missing = failed(Failure.LOCAL_NOT_INSTALLED, phase=Phase.ROUTE)
    doubtful = [http3(blocked), http3(failed()), http3(served(status=404), v4=(served(V4),))]
    assert all(map(Http3Probe().is_doubtful, doubtful))
    settled = [http3(), http3(served(), served(V6_B)), http3(missing), http3(served(status=404))]
    assert not any(map(Http3Probe().is_doubtful, settled))
