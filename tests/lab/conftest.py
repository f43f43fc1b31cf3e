"""The lab of the tests, brought up once a session and only if a test asks for it."""

import contextlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager

import pytest

from tests.lab.lab import Lab, LabUnavailable, Options, running


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """600 mixed names and three of each corner, at no delay, nginx logging."""
    yield from _bring_up(Options(names=600, corners=3, access_log=True))


@pytest.fixture(scope="session")
def far_lab() -> Iterator[Lab]:
    """The same names 40 ms away each way, 0.25 % of the packets lost each way."""
    yield from _bring_up(Options(names=600, corners=3, delay=40, loss=0.25))


def _bring_up(options: Options) -> Iterator[Lab]:
    with or_skip(running(options)) as lab:
        yield lab


@contextlib.contextmanager
def or_skip(lab: AbstractContextManager[Lab]) -> Iterator[Lab]:
    """The lab; where the system does not allow it, tests are skipped, and fail in CI."""
    try:
        with lab as up:
            yield up
    except LabUnavailable as why:
        if os.environ.get("CI"):
            pytest.fail(f"the lab must run in CI: {why}")
        pytest.skip(f"no lab: {why}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this directory is a lab test."""
    for item in items:
        if "tests/lab/" in item.nodeid:
            item.add_marker(pytest.mark.lab)
