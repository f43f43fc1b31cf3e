"""The figures as ``NAME=value`` lines: GitLab's dotenv report, a shell's ``source``, Jenkins' ``readProperties``."""

from collections.abc import Iterator

from ipv6check.compliance.counting import floor_percent_of
from ipv6check.model.standing import Standing


def render(standing: Standing, language: str) -> Iterator[str]:
    """Numbers and codes only, so that nothing needs quoting; a percentage is empty where nothing can be measured."""
    rate = standing.whole.rate
    values = {
        "TOTAL": rate.denominator,
        "READY": rate.ready,
        "PARTIAL": rate.partial,
        "NOT_READY": rate.not_ready,
        "UNKNOWN": rate.undecided,
        "EXEMPT": rate.exempt,
        "RATE_LOW_PERCENT": _percent(rate.low),
        "RATE_HIGH_PERCENT": _percent(rate.high),
        "COVERAGE_PERCENT": _percent(rate.coverage),
        "TRUSTWORTHY": "yes" if standing.scan.trustworthy else "no",
    }
    for name, value in values.items():
        yield f"IPV6CHECK_{name}={value}"


def _percent(share: object) -> str:
    return "" if share is None else floor_percent_of(share)  # type: ignore[arg-type]
