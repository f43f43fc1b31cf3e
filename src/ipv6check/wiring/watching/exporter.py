"""The exporter's web application: /metrics, /probe and /healthz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ipv6check.model.trouble import Trouble
from ipv6check.wiring.watching.probing import LONGEST_S, NotAllowed, Prober, TooMany
from ipv6check.wiring.watching.scrape import Scrape

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_RESERVE_S = 0.5


def application(scrape: Scrape, prober: Prober) -> Starlette:
    """The application. Needs Starlette."""
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    def plain(text: str, status: int = 200) -> Response:
        return PlainTextResponse(text, status, headers={"Content-Type": CONTENT_TYPE, "Cache-Control": "no-store"})

    async def metrics(request: Request) -> Response:
        try:
            return plain(await scrape.text())
        except Trouble as trouble:
            return plain(f"{trouble}\n", 503)

    async def probe(request: Request) -> Response:
        target = request.query_params.get("target", "")
        module = request.query_params.get("module", "")
        try:
            return plain(await prober.probe(target, module, time_limit(request)))
        except NotAllowed as refusal:
            return plain(f"{refusal}\n", 403)
        except TooMany as refusal:
            return plain(f"{refusal}\n", 503)
        except Trouble as trouble:
            return plain(f"{trouble}\n", 400)

    async def healthz(request: Request) -> Response:
        trouble = await scrape.healthy()
        return plain(f"{trouble}\n", 503) if trouble else plain("ok\n")

    return Starlette(routes=[Route("/metrics", metrics), Route("/probe", probe), Route("/healthz", healthz)])


def time_limit(request: Request) -> float:
    """What the scraper grants, less what the answer takes; ours if it says nothing sensible."""
    try:
        granted = float(request.headers.get("X-Prometheus-Scrape-Timeout-Seconds", "")) - _RESERVE_S
    except ValueError:
        return LONGEST_S
    return min(granted, LONGEST_S) if granted > 0 else LONGEST_S
