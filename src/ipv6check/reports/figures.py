"""Numbers and days as a language writes them: ``87.5 %``, ``31 Dec 2026``; ``87,5 %``, ``31/12/2026``."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from ipv6check.compliance.counting import NOTHING_TO_COUNT

_DAYS = {"en": "d MMM y", "vi": "dd/MM/y"}
_MOMENTS = {"en": "d MMM y, HH:mm", "vi": "dd/MM/y HH:mm"}
_NO_BREAK = "\u00a0"


def percent(floored: str, language: str) -> str:
    """A share that ``floor_percent`` has written, with the language's decimal sign; a dash stays a dash."""
    if floored == NOTHING_TO_COUNT:
        return floored
    return f"{floored.replace('.', _decimal_sign(language))}{_NO_BREAK}%"


def number(count: int, language: str) -> str:
    """A whole number in groups of three: ``1,318`` or ``1.318``."""
    from babel.numbers import format_decimal

    return format_decimal(count, locale=language)


def day(value: date, language: str) -> str:
    """A day of the calendar."""
    from babel.dates import format_date

    return format_date(value, _DAYS[language], locale=language)


def moment(seconds: float, timezone: str, language: str) -> str:
    """A moment (seconds since the epoch, UTC) on the clocks of ``timezone``, with the offset from UTC."""
    from babel.dates import format_datetime

    local = datetime.fromtimestamp(seconds, ZoneInfo(timezone))
    offset = local.strftime("%z")
    return f"{format_datetime(local, _MOMENTS[language], locale=language)} (UTC{offset[:3]}:{offset[3:]})"


def day_of(seconds: float, timezone: str) -> date:
    """The day of a moment (seconds since the epoch, UTC) in ``timezone``."""
    return datetime.fromtimestamp(seconds, ZoneInfo(timezone)).date()


@cache
def _decimal_sign(language: str) -> str:
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(language)
