"""httpx without its command line, which pulls in rich, click and pygments: 80 ms of start-up that no scan needs."""

import sys

_ABSENT = "httpx._main"

_put = _ABSENT not in sys.modules
if _put:
    sys.modules[_ABSENT] = None  # type: ignore[assignment] # httpx takes the ImportError for "not installed"
import httpx  # noqa: E402

if _put:
    del sys.modules[_ABSENT]

__all__ = ["httpx"]
