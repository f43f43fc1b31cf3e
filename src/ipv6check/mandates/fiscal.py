"""Fiscal years: ``FY2025`` is the year that ends in 2025, on the day the mandate names."""

import calendar
import re
from datetime import date

_YEAR = re.compile(r"FY ?([0-9]{4})")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def is_fiscal_year(text: str) -> bool:
    """True for ``FY2025`` and ``FY 2025``."""
    return _YEAR.fullmatch(text.strip()) is not None


def day_of(text: str, fiscal_year_end: str) -> date:
    """A day, or the last day of a fiscal year; ``fiscal_year_end`` is month and day, ``09-30``. The end of February is
    the 29th in a leap year. ValueError for anything else."""
    text = text.strip()
    year = _YEAR.fullmatch(text)
    if year is not None:
        month, day = (int(part) for part in fiscal_year_end.split("-"))
        last = calendar.monthrange(int(year[1]), month)[1]
        return date(int(year[1]), month, last if (month, day) == (2, 28) else min(day, last))
    if _DAY.fullmatch(text) is None:
        raise ValueError("a date is written as 2025-12-31, a fiscal year as FY2025")
    return date.fromisoformat(text)
