"""Numbers and days as a language writes them: ``87.5 %``, ``31 Dec 2026``; ``87,5 %``, ``31/12/2026``."""

import re
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from ipv6check.compliance.counting import NOTHING_TO_COUNT

_DAYS = {"en": "d MMM y", "vi": "dd/MM/y"}
_MOMENTS = {"en": "d MMM y, HH:mm", "vi": "dd/MM/y HH:mm"}
_NO_BREAK = "\u00a0"
_ISO_DAY = re.compile(r"(?<![\w./-])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![\w./-])", re.ASCII)


def percent(floored: str, language: str) -> str:
    """A share that ``floor_percent`` has written, with the language's decimal sign; a dash stays a dash."""
    if floored == NOTHING_TO_COUNT:
        return floored
    return f"{decimal(floored, language)}{_NO_BREAK}%"


def decimal(text: str, language: str) -> str:
    """A number written with a decimal point, with the language's sign in its place."""
    return text.replace(".", _decimal_sign(language)) if "." in text else text


def number(count: int, language: str) -> str:
    """A whole number in groups of three: ``1,318`` or ``1.318``."""
    from babel.numbers import format_decimal

    return format_decimal(count, locale=language)


def day(value: date, language: str) -> str:
    """A day of the calendar."""
    from babel.dates import format_date

    return format_date(value, _DAYS[language], locale=language)


def dated(text: str, language: str) -> str:
    """A text with its ISO days written as the language does, but not those inside names of files."""
    if text.count("-") < 2:
        return text
    return _ISO_DAY.sub(lambda found: _day_written(found[0], language), text)


def month_or_day(text: str, language: str) -> str:
    """A day, a month (``2025-01``) or a year, as far as it is known, as the language writes it."""
    parts = text.split("-")
    if len(parts) == 2 and all(part.isdigit() for part in parts):
        return f"{parts[1]}/{parts[0]}"
    return dated(text, language)


def _day_written(iso: str, language: str) -> str:
    try:
        return day(date.fromisoformat(iso), language)
    except ValueError:
        return iso


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
