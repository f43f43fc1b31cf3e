"""Traces of a run: one span for the run and one for each of its stages. Nothing happens unless tracing was set up."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipv6check.net.clients.otlp import Tracing

_active: "list[Tracing]" = []


@contextmanager
def traced(endpoint: str) -> Iterator[None]:
    """Export the spans of the block to an OTLP/HTTP endpoint; without one, none are made. Raises Trouble."""
    if not endpoint:
        yield
        return
    from ipv6check.net.clients.otlp import Tracing

    tracing = Tracing(endpoint)
    _active.append(tracing)
    try:
        yield
    finally:
        _active.remove(tracing)
        tracing.close()


@contextmanager
def span(name: str, **facts: str | int | float | bool) -> Iterator[None]:
    """A stage of a run, with facts about it. What it raises is marked as an error by its type alone."""
    if not _active:
        yield
        return
    with _active[-1].span(name, facts):
        yield


@contextmanager
def stages(first: str) -> Iterator[Callable[[str], None]]:
    """Stages that follow each other inside a block: what it gives ends the running one and begins the next."""
    with ExitStack() as stack:
        stack.enter_context(span(first))

        def enter(name: str) -> None:
            stack.close()
            stack.enter_context(span(name))

        yield enter
