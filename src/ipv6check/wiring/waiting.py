"""One look, or looks until the check passes."""

from collections.abc import Callable

from ipv6check.wiring.baseline import Baseline
from ipv6check.wiring.checking import CheckRequest, run_check
from ipv6check.wiring.gating import Gated, gated


async def look(request: CheckRequest, known: Baseline, *, wait_s: float, tell: Callable[[str], None]) -> Gated:
    """Check once."""
    return gated(await run_check(request), known)
