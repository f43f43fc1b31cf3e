"""Who may ask, and how often."""

import hmac
from collections.abc import Mapping

LEAST_TOKEN = 16
"""Characters of a token that cannot be guessed."""


class Visitors:
    """Visitors by their tokens, and what each has left this minute. Without tokens everybody is ``certificate``: the
    connection has been let in by TLS."""

    def __init__(self, tokens: Mapping[str, str], *, per_minute: int) -> None:
        self._tokens = {name: token.encode() for name, token in tokens.items()}
        self._rate, self._most = per_minute / 60, float(per_minute)
        self._left: dict[str, tuple[float, float]] = {}

    def who(self, authorization: str) -> str:
        """The visitor that an Authorization field names; empty for nobody. Takes as long for a wrong token as for a
        right one, whichever visitor's it is."""
        if not self._tokens:
            return "certificate"
        kind, _, token = authorization.partition(" ")
        given = token.strip().encode("utf-8", "replace") if kind.lower() == "bearer" else b""
        found = ""
        for name, right in self._tokens.items():
            if hmac.compare_digest(given, right):
                found = name
        return found

    def wait_s(self, name: str, now: float) -> float:
        """Seconds until this visitor may ask again; 0 takes one question now. ``now`` is monotonic seconds."""
        left, last = self._left.get(name, (self._most, now))
        left = min(self._most, left + (now - last) * self._rate)
        if left < 1:
            self._left[name] = (left, now)
            return (1 - left) / self._rate
        self._left[name] = (left - 1, now)
        return 0.0
