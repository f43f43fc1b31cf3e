"""Spans over OTLP/HTTP, by the OpenTelemetry SDK (extra ``otel``)."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from ipv6check.model.trouble import MissingExtra, Trouble

_TIMEOUT_S = 5


class Tracing:
    """Exports in batches from a thread of its own. A collector that is away costs spans, never a scan."""

    def __init__(self, endpoint: str) -> None:
        """``endpoint`` is the collector's base URL. Raises Trouble if it is none, or the extra is missing."""
        if not endpoint.startswith(("http://", "https://")):
            raise Trouble("otlp: must be the URL of an OTLP/HTTP collector, such as http://[::1]:4318")
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError:
            raise MissingExtra("otlp", "otel") from None

        from ipv6check import __version__

        logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
        exporter = OTLPSpanExporter(endpoint=endpoint.rstrip("/") + "/v1/traces", timeout=_TIMEOUT_S)
        resource = Resource.create({"service.name": "ipv6check", "service.version": __version__})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("ipv6check", __version__)

    @contextmanager
    def span(self, name: str, facts: Mapping[str, str | int | float | bool]) -> Iterator[None]:
        """One span around the block."""
        from opentelemetry.trace import Status, StatusCode

        with self._tracer.start_as_current_span(
            name, attributes=dict(facts), record_exception=False, set_status_on_exception=False
        ) as opened:
            try:
                yield
            except BaseException as error:
                opened.set_status(Status(StatusCode.ERROR, type(error).__name__))
                raise

    def close(self) -> None:
        """Send what is left, for five seconds at most."""
        self._provider.force_flush(_TIMEOUT_S * 1000)
        self._provider.shutdown()
