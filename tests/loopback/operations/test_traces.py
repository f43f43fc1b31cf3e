"""Traces: one span for a run and one for each stage, at a real collector; none where none were asked for."""

from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from ipv6check.model.trouble import Trouble
from ipv6check.wiring.tracing import span, traced
from tests.loopback.operations.sinks import Hook, hook
from tests.loopback.operations.test_night import night


def spans(sink: Hook) -> dict[str, str]:
    """Names of the spans that arrived, each with the name of the one around it."""
    found = {}
    for path, body in sink.posts:
        assert path == "/v1/traces"
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            for scope in resource.scope_spans:
                found.update({one.span_id: one for one in scope.spans})
    return {one.name: found[one.parent_span_id].name if one.parent_span_id else "" for one in found.values()}


async def test_a_run_and_its_stages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with hook() as collector:
        async with night(tmp_path, monkeypatch) as world:
            await world.mortal.stop()
            with traced(f"http://[::1]:{collector.port}/"):
                await world.watch(1, at_once=True)
        stages = ("inventory", "self-test", "first look", "second look", "alerts")
        assert spans(collector) == {"run": "", **dict.fromkeys(stages, "run")}


def test_without_an_endpoint_nothing_is_loaded_or_sent() -> None:
    with hook() as collector:
        with traced(""), span("run"):
            pass
        assert collector.posts == []


def test_what_a_stage_raised_is_named_by_its_type_alone() -> None:
    with hook() as collector:
        with (
            pytest.raises(Trouble),
            traced(f"http://[::1]:{collector.port}"),
            span("run"),
        ):
            raise Trouble("postgresql://me:s3cr3t@db/x")
        assert b"s3cr3t" not in collector.posts[0][1]
        assert b"Trouble" in collector.posts[0][1]


def test_a_collector_that_is_away_costs_nothing_but_spans() -> None:
    with hook() as collector:
        port = collector.port
    with traced(f"http://[::1]:{port}"), span("run"):
        pass


def test_an_endpoint_that_is_no_url_is_refused() -> None:
    with pytest.raises(Trouble, match="otlp"), traced("collector:4318"):
        pass
