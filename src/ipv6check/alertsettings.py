"""The ``[alerts]`` table of the settings file, and how its secrets are looked up."""

import os
import re
from datetime import time
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ipv6check.model.alert import Topic
from ipv6check.model.length import seconds_of
from ipv6check.model.trouble import Trouble

_QUIET = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])-([01]?[0-9]|2[0-3]):([0-5][0-9])")


def _reference(text: str) -> str:
    """A secret is referred to, never written: settings are shown, copied and put into version control."""
    kind, _, rest = text.partition(":")
    if text and (kind not in ("env", "file") or not rest):
        raise ValueError("a secret stands as env:NAME or file:PATH, never by itself")
    return text


def _length(text: str) -> str:
    if text:
        seconds_of(text)
    return text


def _hours(text: str) -> str:
    if text and not _QUIET.fullmatch(text):
        raise ValueError(f"{text!r} is no span of a day; write 22:00-06:00")
    return text


def _zone(text: str) -> str:
    try:
        return ZoneInfo(text).key if text else text
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{text!r} is no time zone; write one such as Asia/Ho_Chi_Minh") from None


Secret = Annotated[str, AfterValidator(_reference)]


class Channel(BaseModel):
    """One place that messages go to. Empty lists do not narrow."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Secret
    topics: tuple[Topic, ...] = ()
    agencies: tuple[str, ...] = ()


class AlertSettings(BaseModel):
    """Whom to tell of what, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    channels: dict[str, Channel] = {}
    quiet: Annotated[str, AfterValidator(_hours)] = ""
    timezone: Annotated[str, AfterValidator(_zone)] = ""
    lang: str = ""
    certificate_days: Annotated[int, Field(ge=0, le=365)] = 21
    silence_after: Annotated[str, AfterValidator(_length)] = "26h"
    heartbeat_url: Secret = ""

    def is_quiet(self, now: time) -> bool:
        """Whether messages are held back at this time of the day."""
        match = _QUIET.fullmatch(self.quiet)
        if match is None:
            return False
        start, end = time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4]))
        return start <= now < end if start <= end else now >= start or now < end


def secret(reference: str, what: str) -> str:
    """The secret behind ``env:NAME`` or ``file:PATH``. Raises Trouble if there is none."""
    kind, _, rest = reference.partition(":")
    if kind == "env":
        found = os.environ.get(rest, "")
        if not found:
            raise Trouble(f"{what}: the environment variable {rest} is not set")
        return found
    try:
        found = Path(rest).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Trouble(f"{what}: the file {rest} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    if not found:
        raise Trouble(f"{what}: the file {rest} is empty")
    return found
