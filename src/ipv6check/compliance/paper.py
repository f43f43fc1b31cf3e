"""Whether an attestation still holds on the day of the report, which may be long after the scan judged it."""

from datetime import date, timedelta

from ipv6check.model.asset import Attestation


def holds(paper: Attestation | None, today: date, *, valid_days: int) -> bool:
    """True if there is a paper, dated today or earlier, that has not expired.

    Its expiry day is still valid; without one it holds for ``valid_days`` after its date.
    """
    if paper is None or paper.date > today:
        return False
    return today <= paper.expires if paper.expires is not None else today - paper.date <= timedelta(days=valid_days)
