"""How a path is walked: how far, how often, and what its hops amount to; answers come from a script, in no time."""

from ipv6check.model.failure import Failure
from ipv6check.model.path import Hop, PathEnd, Told
from ipv6check.model.target import Endpoint
from ipv6check.net.path import tracer
from ipv6check.net.path.hopprobes import NotSent
from tests.virtualtime import VirtualLoop, run_virtual

TARGET = "2a00:1450::80"


class Script:
    """Probes whose answers are written down: hop limit to what comes back, at which try."""

    means = "tcp"
    port = 443
    own = "2a00:1::1"

    def __init__(self, answers: dict[int, tuple[Told, str]], *, at_try: int = 1, broken: Failure | None = None) -> None:
        self.endpoint = Endpoint(name="", address=TARGET, port=443)
        self.answers = answers
        self.at_try = at_try
        self.broken = broken
        self.sent: list[int] = []
        self.open: set[int] = set()

    def send(self, limit: int) -> None:
        if self.broken is not None:
            raise NotSent(self.broken)
        self.sent.append(limit)
        self.open.add(limit)

    def look(self) -> list[Hop]:
        ready = [limit for limit in self.open if limit in self.answers and self.sent.count(limit) >= self.at_try]
        self.open -= set(ready)
        return [Hop(limit=limit, told=self.answers[limit][0], address=self.answers[limit][1]) for limit in ready]

    def drop(self, limit: int) -> None:
        self.open.discard(limit)

    def close(self) -> None:
        self.open.clear()


def walk(script: Script):
    path = run_virtual(tracer.walk(script), VirtualLoop())
    assert not script.open, "nothing is left waiting"
    return path


def router(number: int) -> tuple[Told, str]:
    return Told.HOP_LIMIT, f"2a00:ffff::{number:x}"


def test_probes_end_at_the_target():
    script = Script({1: router(1), 2: router(2), 3: (Told.ANSWER, TARGET)})
    path = walk(script)
    assert (path.end, len(path.hops), script.sent) == (PathEnd.REACHED, 3, [1, 2, 3])


def test_a_router_that_answers_the_second_time_is_heard():
    script = Script({1: router(1), 2: (Told.ANSWER, TARGET)}, at_try=2)
    path = walk(script)
    assert path.end is PathEnd.REACHED
    assert [hop.address for hop in path.hops] == ["2a00:ffff::1", TARGET]


def test_a_silent_router_on_the_way_is_asked_twice_and_left_a_gap():
    script = Script({1: router(1), 3: (Told.ANSWER, TARGET)})
    path = walk(script)
    assert [hop.address for hop in path.hops] == ["2a00:ffff::1", "", TARGET]
    assert script.sent.count(2) == 2


def test_silence_ends_the_path_at_the_last_router():
    script = Script({1: router(1), 2: router(2)})
    path = walk(script)
    assert (path.end, path.hops[-1].address) == (PathEnd.SILENT, "2a00:ffff::2")
    assert max(script.sent) == 2 * tracer.TOGETHER


def test_nobody_at_all():
    script = Script({})
    path = walk(script)
    assert (path.end, path.hops, path.last) == (PathEnd.SILENT, (), None)
    assert max(script.sent) == tracer.TOGETHER


def test_an_error_ends_the_path_where_it_came_from():
    script = Script({1: router(1), 2: (Told.ADMIN_PROHIBITED, "2a00:ffff::2")})
    path = walk(script)
    assert (path.end, path.hops[-1].told) == (PathEnd.REFUSED, Told.ADMIN_PROHIBITED)


def test_a_circle_is_no_path():
    script = Script({limit: router(1 + limit % 2) for limit in range(2, 31)} | {1: router(9)})
    path = walk(script)
    assert path.end is PathEnd.LOOP
    assert len(script.sent) <= tracer.TOGETHER


def test_one_router_that_answers_twice_is_no_circle():
    """As where one hands on a packet whose limit has run out, or behind a load balancer."""
    script = Script({1: router(1), 2: router(2), 3: router(2), 4: (Told.ANSWER, TARGET)})
    assert walk(script).end is PathEnd.REACHED


def test_a_router_that_answers_for_many_hops_on_end_is_no_circle():
    script = Script({limit: router(1) for limit in range(1, 6)} | {6: (Told.ANSWER, TARGET)})
    assert walk(script).end is PathEnd.REACHED


def test_an_error_of_our_own_kernel_is_nothing_about_the_path():
    path = walk(Script({1: (Told.ADDRESS_UNREACHABLE, Script.own)}))
    assert (path.end, path.cause, path.hops) == (PathEnd.NOT_MEASURED, Failure.LOCAL_NO_ROUTE, ())


def test_a_long_path_ends_at_the_bound():
    script = Script({limit: router(limit) for limit in range(1, 100)})
    path = walk(script)
    assert (path.end, len(path.hops)) == (PathEnd.SILENT, tracer.MOST_HOPS)


def test_what_could_not_be_sent_was_not_measured():
    path = walk(Script({}, broken=Failure.LOCAL_NO_ROUTE))
    assert (path.end, path.cause) == (PathEnd.NOT_MEASURED, Failure.LOCAL_NO_ROUTE)
