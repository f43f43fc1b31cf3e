"""Messages to people: mail, chat and webhooks through apprise, and the ping of a dead-man's switch."""

import asyncio
import importlib.util
import logging
from urllib.parse import urlsplit

from ipv6check.model.trouble import MissingExtra, Trouble

PING_TIMEOUT_S = 10.0


class AppriseNotifier:
    """Sends to apprise URLs. What apprise would log is dropped, for it may quote tokens."""

    def check(self, url: str, name: str) -> None:
        """Raises Trouble if apprise is missing or knows no such service; the URL itself is never quoted."""
        _service(url, name)

    async def send(self, url: str, name: str, *, subject: str, body: str, bad: bool) -> bool:
        """Whether the service took the message. Raises Trouble as ``check`` does."""
        service = _service(url, name)
        from apprise import NotifyFormat, NotifyType

        sent = await service.async_notify(  # type: ignore[attr-defined]
            body=body,
            title=subject,
            notify_type=NotifyType.FAILURE if bad else NotifyType.SUCCESS,
            body_format=NotifyFormat.TEXT,
        )
        return bool(sent)


async def ping_url(url: str) -> str:
    """GET ``url``, as dead-man's switches want it; why it failed, in one word, or nothing. Follows no redirect."""
    return await asyncio.to_thread(_ping, url)


def _ping(url: str) -> str:
    import http.client
    import ssl

    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return "not-a-url"
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection = http.client.HTTPSConnection(parts.hostname, parts.port, timeout=PING_TIMEOUT_S, context=context)
    else:
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=PING_TIMEOUT_S)
    try:
        connection.request("GET", path, headers={"User-Agent": "ipv6check"})
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        return type(error).__name__
    finally:
        connection.close()
    return "" if 200 <= status < 300 else f"status-{status}"


def _service(url: str, name: str) -> object:
    if importlib.util.find_spec("apprise") is None:
        raise MissingExtra("alerting", "notify")
    logging.getLogger("apprise").disabled = True
    import apprise

    service = apprise.Apprise()
    if not service.add(url):  # without a word for an unknown scheme or a part that is missing
        raise Trouble(f"alerts: channel {name}: its URL is of no service that is known, or lacks a part")
    return service
