"""A health page that must hold a text or a JSON value, over a real connection."""

import gzip

import pytest

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Endpoint, Protocol, Target
from ipv6check.net.api import Touch
from ipv6check.net.dialer import PinnedDialer
from tests.loopback.web.conftest import NAME, Farm
from tests.loopback.web.test_http import response

UTF16 = "hoạt động".encode("utf-16")
JSON = b"Content-Type: application/json"


async def ask(farm: Farm, dialer: PinnedDialer, answer: bytes, expect: str, *accepted: int) -> Touch:
    port = await farm.serve(farm.answering(answer))
    target = Target(
        host=NAME, port=port, protocol=Protocol.HTTP, path="/health", expect=expect, expected_status=accepted
    )
    return await dialer.touch(Endpoint(name=NAME, address="::1", port=port), target)


@pytest.mark.parametrize(
    ("answer", "expect"),
    [
        (response(b'{"status": "ok"}', JSON), "json:/status=ok"),
        (response(gzip.compress(b'{"status": "ok"}'), JSON, b"Content-Encoding: gzip"), "json:/status=ok"),
        (response(UTF16, b"Content-Type: text/plain; charset=utf-16"), "hoạt động"),
        (response(b'\xef\xbb\xbf{"up": true}', JSON), "json:/up=true"),
    ],
)
async def test_what_is_expected_is_found_after_decoding(
    farm: Farm, dialer: PinnedDialer, answer: bytes, expect: str
) -> None:
    touch = await ask(farm, dialer, answer, expect)
    assert (touch.attempt.failure, touch.attempt.phase) == (None, Phase.HTTP)


async def test_its_absence_is_a_failure_that_shows_what_came(farm: Farm, dialer: PinnedDialer) -> None:
    touch = await ask(farm, dialer, response(b'{"status": "degraded"}', JSON), "json:/status=ok")
    assert (touch.attempt.failure, touch.attempt.phase) == (Failure.UNEXPECTED_REPLY, Phase.HTTP)
    assert touch.attempt.detail == '{"status": "degraded"}'


async def test_a_status_that_is_not_accepted_speaks_for_itself(farm: Farm, dialer: PinnedDialer) -> None:
    assert (await ask(farm, dialer, response(b"x", status=b"500 No"), "ok")).attempt.failure is None
    told = await ask(farm, dialer, response(b"x", status=b"503 No"), "ok", 503)
    assert told.attempt.failure is Failure.UNEXPECTED_REPLY


async def test_a_limit_is_no_missing_text(farm: Farm, dialer: PinnedDialer) -> None:
    touch = await ask(farm, dialer, response(b"slow down", status=b"429 Too Many"), "ok")
    assert touch.attempt.failure is Failure.RATE_LIMITED


async def test_a_body_that_is_not_read_to_its_end_proves_nothing(farm: Farm, dialer: PinnedDialer) -> None:
    touch = await ask(farm, dialer, response(b"x" * 400_000 + b"ok", b"Content-Type: text/plain"), "ok")
    assert touch.attempt.failure is Failure.BUDGET
