"""A stranger's policy with the teeth drawn: judged by their thresholds, at this vantage's own pace."""

from collections.abc import Mapping

from msgspec.structs import asdict, replace

from ipv6check.model.override import override
from ipv6check.model.policy import Policy

LONGEST_TRY_S = 15.0
LONGEST_PAUSE_S = 300.0
MOST_TRIES = 5
MOST_ADDRESSES = 16
MOST_REDIRECTS = 20
MOST_SAMPLES = 10


def restrained(values: Mapping[str, object], own: Policy) -> tuple[Policy, str]:
    """The asker's policy, as far as it can do no harm here, and what cannot be used of it (empty if nothing).

    Pacing, concurrency and the prefixes treated as global are the vantage's own.
    """
    plain = {name: value for name, value in values.items() if name not in ("pacing", "concurrency", "treat_as_global")}
    asked, faults = override(Policy(), plain)
    if faults:
        return own, faults[0].message
    thresholds = asked.thresholds
    return replace(
        asked,
        timeouts=replace(
            asked.timeouts,
            **{name: _capped(value, LONGEST_TRY_S) for name, value in asdict(asked.timeouts).items()},
        ),
        retries=replace(
            asked.retries,
            **{
                name: _capped(value, LONGEST_PAUSE_S)
                for name, value in asdict(asked.retries).items()
                if name not in ("jitter", "second_look_s") and value is not None
            },
            second_look_s=None
            if asked.retries.second_look_s is None
            else min(asked.retries.second_look_s, LONGEST_PAUSE_S),
        ),
        thresholds=replace(
            thresholds,
            max_addresses=min(thresholds.max_addresses, MOST_ADDRESSES),
            max_redirects=min(thresholds.max_redirects, MOST_REDIRECTS),
            max_chain=min(thresholds.max_chain, MOST_REDIRECTS),
            latency_samples=min(thresholds.latency_samples, MOST_SAMPLES),
        ),
        pacing=own.pacing,
        concurrency=own.concurrency,
        treat_as_global=own.treat_as_global,
    ), ""


def _capped(value: float | tuple[float, ...], most: float) -> float | tuple[float, ...]:
    return tuple(min(one, most) for one in value[:MOST_TRIES]) if isinstance(value, tuple) else min(value, most)
