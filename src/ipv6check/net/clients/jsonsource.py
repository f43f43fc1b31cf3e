"""JSON from an HTTP service that a person names: bounded, without redirects, proxies or stored state."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from ipv6check.model.trouble import Trouble
from ipv6check.net.web.leanhttpx import httpx

MOST_OCTETS = 64 * 1024 * 1024
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class FetchTrouble(Trouble):
    """A service that did not give what was asked; the text never holds a header or a query."""


class JsonSource:
    """One service; a context manager. ``authorization`` is sent with every request and to this origin only.

    ``ca_file`` is a file of further authorities in PEM. ``timeout_s`` bounds each step of a request.
    Raises FetchTrouble where a secret would travel over plain HTTP, except to this machine.
    """

    def __init__(self, base: str, *, authorization: str = "", ca_file: str = "", timeout_s: float = 30.0) -> None:
        self._base = base.rstrip("/")
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https"):
            raise FetchTrouble(f"{base}: is not a http or https address")
        if authorization and parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise FetchTrouble(f"{base}: a token would travel in clear text; use https")
        if ca_file and not Path(ca_file).is_file():
            raise FetchTrouble(f"--ca-file {ca_file}: is not a file")
        import ssl

        try:
            context = ssl.create_default_context()
            if ca_file:
                context.load_verify_locations(ca_file)
        except (ssl.SSLError, OSError):
            raise FetchTrouble(f"--ca-file {ca_file}: holds no certificate in PEM") from None
        headers = {"Accept": "application/json", "User-Agent": "ipv6check"}
        if authorization:
            headers["Authorization"] = authorization
        self._client = httpx.Client(
            headers=headers, verify=context, timeout=timeout_s, follow_redirects=False, trust_env=False
        )

    def __enter__(self) -> "JsonSource":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str = "", query: dict[str, str] | None = None) -> object:
        """The JSON at ``path`` below the base. Raises FetchTrouble."""
        place = f"{self._base}{path}"
        try:
            with self._client.stream("GET", place, params=query) as response:
                _require_good(place, response.status_code, response.headers.get("location", ""))
                octets = bytearray()
                for chunk in response.iter_bytes():
                    octets += chunk
                    if len(octets) > MOST_OCTETS:
                        raise FetchTrouble(f"{place}: answers with more than {MOST_OCTETS >> 20} MiB")
        except httpx.TimeoutException:
            raise FetchTrouble(f"{place}: did not answer in time") from None
        except httpx.HTTPError as fault:
            raise FetchTrouble(f"{place}: cannot be reached: {str(fault)[:200] or type(fault).__name__}") from None
        except httpx.InvalidURL:
            raise FetchTrouble(f"{place}: is not a valid address") from None
        try:
            found: object = json.loads(octets)
        except (ValueError, RecursionError):
            raise FetchTrouble(f"{place}: does not answer with JSON; is this the right address?") from None
        return found


def _require_good(place: str, status: int, location: str) -> None:
    if status in (401, 403):
        raise FetchTrouble(f"{place}: answers {status}; the token is missing, wrong, expired or may not read this")
    if 300 <= status < 400:
        to = location.partition("?")[0][:200]
        raise FetchTrouble(f"{place}: leads elsewhere ({to or status}); give that address, redirects are not followed")
    if status != 200:
        raise FetchTrouble(f"{place}: answers with status {status}")
