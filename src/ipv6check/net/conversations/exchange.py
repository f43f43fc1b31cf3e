"""Send and expect over TCP or TLS: read what the server says first, send, and look for the text it must answer."""

from time import perf_counter

from ipv6check.model.failure import Failure, Phase
from ipv6check.model.target import Target
from ipv6check.net.classify import Broken
from ipv6check.net.connection import Connection
from ipv6check.net.conversations.question import Question
from ipv6check.net.conversations.talk import Told
from ipv6check.net.journey import Journey, Limits

MAX_REPLY = 4096
_BANNER_S = 1.0  # time for a server that speaks first, before we send


class ReplyReader:
    """Collects until the text appears, or enough octets came without it."""

    def __init__(self, expect: bytes) -> None:
        self.done = False
        self.reply = b""
        self._expect = expect

    def feed(self, data: bytes) -> None:
        """The next octets; only the first 4 kB count."""
        self.reply = (self.reply + data)[:MAX_REPLY]
        if self.found or len(self.reply) >= MAX_REPLY:
            self.done = True

    def eof(self) -> None:
        """The server closed: judged by what it said until then."""
        if self.reply:
            self.done = True

    @property
    def found(self) -> bool:
        """True if the expected text is in the reply; an empty expectation is met by any octet."""
        return bool(self.reply) and self._expect in self.reply


class BannerReader:
    """Takes the first octets a server sends on its own."""

    def __init__(self) -> None:
        self.done = False
        self.banner = b""

    def feed(self, data: bytes) -> None:
        """The first octets are the banner."""
        self.banner = (self.banner + data)[:MAX_REPLY]
        self.done = True

    def eof(self) -> None:
        """Closed without a word, or after one."""


async def exchange(connection: Connection, target: Target, limits: Limits, journey: Journey) -> str:
    """Speak as the target asks; returns the reply as text. Raises ``Broken``; UNEXPECTED_REPLY tells what came.

    With something to send, a banner is waited for at most one second, since many servers (HTTP, redis) wait for us.
    The whole exchange has the time limit of the HTTP phase.
    """
    started = perf_counter()
    expect = target.expect.encode()
    banner = BannerReader()
    reader = ReplyReader(expect)
    try:
        if target.send:
            await _listen(connection, banner, min(_BANNER_S, limits.http_s / 2))
            left = limits.http_s - (perf_counter() - started)
            await connection.converse(_octets(target.send), reader, phase=Phase.EXCHANGE, timeout_s=max(left, 0.001))
        else:
            await connection.converse(b"", reader, phase=Phase.EXCHANGE, timeout_s=limits.http_s)
    except Broken as broken:
        if broken.failure is Failure.TIMEOUT and reader.reply:
            raise _unexpected(reader.reply) from None
        if expect not in banner.banner:
            raise
    finally:
        journey.http_ms = (perf_counter() - started) * 1000
    if not reader.found and expect not in banner.banner:
        raise _unexpected(reader.reply)
    return _text(banner.banner + reader.reply)


def stated_question(target: Target) -> Question:
    """The inventory's exchange as one datagram and its answer; any answer will do if no text is expected."""
    expect = target.expect.encode()

    def answer(heard: bytes) -> Told:
        if expect not in heard:
            raise _unexpected(heard)
        return Told(reply=_text(heard))

    return Question(_octets(target.send), answer)


async def _listen(connection: Connection, banner: BannerReader, timeout_s: float) -> None:
    """Wait for a banner; silence is no fault of a server that waits for us."""
    try:
        await connection.converse(b"", banner, phase=Phase.EXCHANGE, timeout_s=timeout_s)
    except Broken as broken:
        if broken.failure is not Failure.TIMEOUT:
            raise


def _unexpected(reply: bytes) -> Broken:
    return Broken(Failure.UNEXPECTED_REPLY, Phase.EXCHANGE, _text(reply[:200]))


def _octets(text: str) -> bytes:
    """Latin-1 where it fits, so that escapes such as \\xff become the octet that was meant; else UTF-8."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode()


def _text(octets: bytes) -> str:
    return octets.decode("utf-8", "replace")[:MAX_REPLY]
