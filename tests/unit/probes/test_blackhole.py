"""A stall is named after its cause only where small segments pass and full-size ones keep stalling."""

import pytest

from ipv6check.model.contact import Attempt, Contact
from ipv6check.model.failure import Failure, Phase
from ipv6check.model.policy import Policy
from ipv6check.net.api import Touch
from ipv6check.net.path.fullsize import FullSize
from ipv6check.net.stall import LARGE_UNACKNOWLEDGED, OCTETS_MISSING, UNACKNOWLEDGED
from ipv6check.probes.blackhole import CLAMPED_MSS, explain_stall, has_stalled
from ipv6check.probes.tries import spent_s, wait_before_next, wants_second_look
from tests.factories import AT, V4, V6

POLICY = Policy()


def stall(detail: str = "", phase: Phase = Phase.TLS) -> Attempt:
    return Attempt(at=AT, phase=phase, failure=Failure.TIMEOUT, detail=detail, tcp_ms=10.0, tls_ms=5000.0)


def ended(failure: Failure | None = None, phase: Phase = Phase.HTTP) -> Attempt:
    return Attempt(at=AT, phase=phase, failure=failure, tcp_ms=10.0)


GOOD = ended()


class Address:
    """What full-size and clamped connections end in, one after the other; the last ending stays."""

    def __init__(self, full: list[Attempt], small: list[Attempt]) -> None:
        self.ends = {0: full, CLAMPED_MSS: small}
        self.asked: list[int] = []

    async def __call__(self, *, mss: int) -> Touch:
        self.asked.append(mss)
        ends = self.ends[mss]
        return Touch(attempt=ends.pop(0) if len(ends) > 1 else ends[0])


async def explained(before: list[Attempt], full: list[Attempt], small: list[Attempt]) -> tuple[Contact, list[int]]:
    address = Address(full, small)
    contact = Contact(address=V6, port=443, attempts=tuple(before))
    assert has_stalled(contact)
    return await explain_stall(contact, address, POLICY, swallowed=from_elsewhere), address.asked


HOLE = stall(OCTETS_MISSING)


def from_elsewhere(_: str) -> bool:
    """Large packets of others arrive."""
    return False


@pytest.mark.parametrize(
    ("before", "full", "small", "asked"),
    [
        pytest.param([HOLE, HOLE], [HOLE], [GOOD], [1220, 0], id="holes-before-and-after"),
        pytest.param([HOLE], [HOLE], [GOOD], [1220, 0], id="one-try-only"),
        pytest.param([stall(), stall()], [stall()], [GOOD], [1220, 0, 1220, 0], id="no-sign-so-in-turn-twice"),
        pytest.param([stall(UNACKNOWLEDGED)] * 2, [stall()], [GOOD], [1220, 0, 1220, 0], id="weak-is-no-sign"),
        pytest.param([stall(LARGE_UNACKNOWLEDGED)] * 2, [stall()], [GOOD], [1220, 0] * 2, id="nor-if-large"),
        pytest.param(
            [HOLE, HOLE], [HOLE], [ended(Failure.CERTIFICATE_EXPIRED, Phase.TLS)], [1220, 0], id="certificate-arrived"
        ),
        pytest.param([HOLE, HOLE], [HOLE], [ended(Failure.RESET)], [1220, 0], id="beyond-the-phase"),
    ],
)
async def test_a_black_hole_is_named(before, full, small, asked):
    contact, connections = await explained(before, full, small)
    assert contact.decisive is not None
    assert (contact.decisive.failure, contact.decisive.phase) == (Failure.PATH_MTU_BLACK_HOLE, Phase.TLS)
    assert connections == asked
    assert len(contact.clamped) == asked.count(1220)
    assert wait_before_next(contact, POLICY) is None
    assert wants_second_look(contact), "a failure of the network waits for its confirmation"


@pytest.mark.parametrize(
    ("before", "full", "small"),
    [
        pytest.param([HOLE, HOLE], [], [stall()], id="slow-server"),
        pytest.param([HOLE, HOLE], [], [ended(Failure.RESET, Phase.TLS)], id="other-fault"),
        pytest.param([HOLE, HOLE], [], [ended(Failure.LOCAL_RESOURCES)], id="our-trouble"),
        pytest.param([stall(), stall()], [stall()], [GOOD, stall()], id="not-twice"),
        pytest.param([HOLE, HOLE], [HOLE], [stall(), GOOD], id="no-second-chance-for-the-clamp"),
        pytest.param([stall(), stall()], [ended(Failure.LOCAL_RESOURCES, Phase.ROUTE)], [GOOD], id="control-was-ours"),
    ],
)
async def test_anything_else_stays_a_timeout(before, full, small):
    contact, _ = await explained(before, full, small)
    assert contact.decisive is not None
    assert contact.decisive.failure is Failure.TIMEOUT


@pytest.mark.parametrize("before", [stall(), HOLE], ids=["silent", "holes"])
async def test_a_server_that_recovers_is_a_success_that_flickers(before: Attempt):
    contact, asked = await explained([before, before], [GOOD], [GOOD])
    assert contact.decisive is not None
    assert contact.decisive.failure is None
    assert contact.flaky
    assert asked == [1220, 0]


async def test_a_second_look_needs_one_small_connection_to_say_the_same():
    first, _ = await explained([HOLE, HOLE], [HOLE], [GOOD])
    again = Contact(address=V6, port=443, attempts=(*first.attempts, stall()), clamped=first.clamped)
    address = Address([], [GOOD])
    contact = await explain_stall(again, address, POLICY, swallowed=from_elsewhere)
    assert [one.failure for one in contact.attempts[-2:]] == [Failure.PATH_MTU_BLACK_HOLE] * 2
    assert address.asked == [1220]


async def test_where_nobodys_large_packets_arrive_the_stall_is_ours():
    sites = FullSize()
    told = []
    for number in range(1, 5):
        contact = Contact(address=f"2a00:{number:x}::80", port=443, attempts=(HOLE, HOLE))
        contact = await explain_stall(contact, Address([HOLE], [GOOD]), POLICY, swallowed=sites.swallowed)
        assert contact.decisive is not None
        told.append(contact.decisive.failure)
    named, ours = Failure.PATH_MTU_BLACK_HOLE, Failure.LOCAL_BLACK_HOLE
    assert told == [named, named, ours, ours]
    assert contact.connected, "TCP came about all the same"


async def test_an_earlier_name_is_taken_back_when_it_turns_out_to_be_ours():
    first, _ = await explained([HOLE, HOLE], [HOLE], [GOOD])
    again = Contact(address=V6, port=443, attempts=(*first.attempts, stall()), clamped=first.clamped)
    contact = await explain_stall(again, Address([], [GOOD]), POLICY, swallowed=lambda _: True)
    assert {one.failure for one in contact.attempts} == {Failure.LOCAL_BLACK_HOLE}


def test_one_large_segment_from_anybody_clears_the_vantage():
    sites = FullSize()
    for number in range(9):
        sites.swallowed(f"2a00:{number:x}::80")
    assert sites.swallowed(V6)
    sites.arrived = True
    assert not sites.swallowed(V6)


def test_one_site_with_many_addresses_is_one_site():
    sites = FullSize()
    assert not any(sites.swallowed(f"2a00:1:1:{number:x}::80") for number in range(99))


async def test_no_connection_is_made_once_the_budget_is_spent():
    contact = Contact(address=V6, port=443, attempts=(stall(),) * 9)
    address = Address([], [GOOD])
    assert await explain_stall(contact, address, POLICY, swallowed=from_elsewhere) is contact
    assert not address.asked


@pytest.mark.parametrize(
    "contact",
    [
        Contact(address=V4, port=443, attempts=(stall(),)),
        Contact(address=V6, port=443, attempts=(ended(), stall())),
        Contact(address=V6, port=443, attempts=(Attempt(at=AT, phase=Phase.TCP, failure=Failure.TIMEOUT),)),
        Contact(address=V6, port=443),
    ],
    ids=["ipv4", "worked-once", "no-tcp", "untried"],
)
def test_nothing_is_asked_where_nothing_stalled(contact: Contact):
    assert not has_stalled(contact)


def test_a_phase_that_ran_out_is_counted_once():
    timed = Contact(address=V6, port=443, attempts=(stall(),))
    untimed = Contact(address=V6, port=443, attempts=(Attempt(at=AT, phase=Phase.TCP, failure=Failure.TIMEOUT),))
    assert (spent_s(timed, POLICY), spent_s(untimed, POLICY)) == (5.01, 5.0)
