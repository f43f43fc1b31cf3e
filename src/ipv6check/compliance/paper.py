"""Whether an attestation still holds on the day of the report, which may be long after the scan judged it."""

from collections.abc import Iterable
from datetime import date, timedelta

from ipv6check.model.agency import AgencyDocument
from ipv6check.model.asset import Attestation


def is_on_file(documents: Iterable[AgencyDocument], kind: str, today: date) -> bool:
    """True if one of an agency's papers is of that kind, dated today or earlier and not expired. Without an expiry
    day it holds: a plan that was issued stays issued."""
    papers = (one.paper for one in documents if one.kind == kind)
    return any(paper.date <= today and (paper.expires is None or today <= paper.expires) for paper in papers)


def holds(paper: Attestation | None, today: date, *, valid_days: int) -> bool:
    """True if there is a paper, dated today or earlier, that has not expired.

    Its expiry day is still valid; without one it holds for ``valid_days`` after its date.
    """
    if paper is None or paper.date > today:
        return False
    return today <= paper.expires if paper.expires is not None else today - paper.date <= timedelta(days=valid_days)
