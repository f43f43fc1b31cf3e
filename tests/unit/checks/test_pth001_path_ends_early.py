"""PTH001: where the way ends, said by whom."""

import pytest

from ipv6check.checks.pth001_path_ends_early import CHECK
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from ipv6check.model.path import PathEnd, Told
from tests.factories import V6, V6_B, endpoint, failed, judged, name, no, path, path_hop, paths, said, served

ROUTER, BEHIND = "2a00:1450:ffff::1", "2a00:1450:ffff::2"
DEAD = endpoint(failed())
ON_THE_WAY = path_hop(1, address=ROUTER)


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        pytest.param([], "pass path-complete", id="connects"),
        pytest.param([endpoint(failed(Failure.REFUSED))], "pass path-complete", id="refused-is-reached"),
        pytest.param(
            [DEAD, paths(path(PathEnd.REACHED, ON_THE_WAY, path_hop(2, Told.ANSWER, V6_B)))],
            "pass path-reaches",
            id="reached",
        ),
        pytest.param(
            [DEAD, paths(path(PathEnd.REFUSED, ON_THE_WAY, path_hop(2, Told.ADMIN_PROHIBITED, BEHIND)))],
            "fail path-refused",
            id="prohibited",
        ),
        pytest.param([DEAD, paths(path(PathEnd.LOOP, ON_THE_WAY))], "fail path-loops", id="loop"),
        pytest.param([DEAD, paths(path(PathEnd.SILENT, ON_THE_WAY))], "fail path-silent", id="silent"),
        pytest.param([DEAD, paths(path(PathEnd.SILENT))], "unknown path-without-answers", id="nobody-answered"),
        pytest.param([DEAD, paths()], "unknown path-not-measured", id="first-look"),
        pytest.param(
            [DEAD, paths(path(PathEnd.NOT_MEASURED, cause=Failure.LOCAL_PERMISSION))], "unknown undecided", id="ours"
        ),
        pytest.param([endpoint(failed(Failure.BUDGET)), paths(wanted=())], "unknown undecided", id="undecided"),
        pytest.param([name(aaaa=no(DnsOutcome.NODATA))], "not-applicable no-ipv6-address", id="no-aaaa"),
        pytest.param([name(aaaa=no(DnsOutcome.SERVFAIL))], "unknown dns-undecided", id="dns"),
        pytest.param(
            [endpoint(barred={V6: "ula"})], "not-applicable only-special-addresses", id="nothing-may-be-contacted"
        ),
    ],
)
def test_verdicts(damage, says):
    assert said(CHECK, *damage) == says


def test_the_router_that_spoke_last_is_named_with_what_it_said():
    ended = path(PathEnd.REFUSED, ON_THE_WAY, path_hop(4, Told.NO_ROUTE, BEHIND))
    verdict = judged(CHECK, DEAD, paths(ended))
    assert verdict.args == {"address": V6, "hop": BEHIND, "count": 4, "cause": "no_route"}


def test_of_two_paths_the_one_that_tells_most_speaks():
    silent = path(PathEnd.SILENT, ON_THE_WAY)
    refused = path(PathEnd.REFUSED, path_hop(1, Told.ADMIN_PROHIBITED, ROUTER), address=V6_B)
    verdict = judged(CHECK, endpoint(failed(), failed(address=V6_B)), paths(silent, refused, wanted=(V6, V6_B)))
    assert (verdict.tag, verdict.args["address"]) == ("path-refused", V6_B)


def test_one_address_that_works_does_not_hide_the_other():
    told = paths(path(PathEnd.SILENT, ON_THE_WAY, address=V6_B), wanted=(V6_B,))
    assert said(CHECK, endpoint(served(), failed(address=V6_B)), told) == "fail path-silent"
