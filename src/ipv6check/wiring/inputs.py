"""What a command works on, read and checked: policy, mandate, inventory, opt-out list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ipv6check.checks.registry import CHECKS, RULES
from ipv6check.files.problem import Problem, Problems
from ipv6check.mandates.load import load_mandate
from ipv6check.model.asset import Asset, View
from ipv6check.model.check import Check
from ipv6check.model.mandate import Mandate
from ipv6check.model.optout import OptOut, parse_optout
from ipv6check.model.policy import Policy
from ipv6check.model.trouble import Trouble
from ipv6check.policies.load import apply_overrides, load_policy
from ipv6check.settings import Settings

if TYPE_CHECKING:
    from ipv6check.inventory.load import Inventory

DEFAULT_MANDATE = "dual-stack"
MOST_WITHOUT_CONTACT = 100


def read_inventory(paths: Sequence[Path], *, encoding: str = "", skip_invalid: bool | None = None) -> Inventory:
    """The checked inventory. Raises Problems with every fault of every file, and the way around them where a command
    has the option (``skip_invalid`` is not None)."""
    from ipv6check.inventory.load import open_inventories  # 60 ms that a check of one name does not need

    today = datetime.now(UTC).date()
    try:
        return open_inventories(list(paths), encoding=encoding or None, skip_invalid=bool(skip_invalid), today=today)
    except Problems as problems:
        if skip_invalid is False and any(problem.line > 1 for problem in problems.problems):
            problems.hint = "--skip-invalid leaves faulty rows out and counts them"
        raise


def read_mandate(settings: Settings, suggested: str = "") -> Mandate:
    """The mandate of the settings, else the one the inventory suggests, else dual-stack. Raises Problems or Trouble."""
    return load_mandate(settings.mandate or suggested or DEFAULT_MANDATE, known_rules=frozenset(RULES))


def read_policy(settings: Settings, mandate: Mandate | None) -> Policy:
    """The policy of the settings with the mandate's thresholds laid over it. Raises Problems or Trouble."""
    policy = load_policy(settings.policy)
    return apply_overrides(policy, mandate.policy) if mandate else policy


def read_optout(settings: Settings) -> OptOut:
    """The opt-out list. Raises Problems with every bad line."""
    if not settings.exclude:
        return OptOut()
    try:
        text = Path(settings.exclude).read_text(encoding="utf-8")
    except OSError as error:
        raise Trouble(f"{settings.exclude}: the opt-out list cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Trouble(f"{settings.exclude}: the opt-out list cannot be read: it is no UTF-8 text") from None
    optout, faults = parse_optout(text)
    if faults:
        raise Problems(Problem(settings.exclude, line, message) for line, message in faults)
    return optout


def choose_checks(rules: Sequence[str]) -> tuple[Check, ...]:
    """The checks of the wanted codes and families (``DNS001``, ``DNS``); all if none is named. Raises Trouble."""
    wanted = [part.upper() for rule in rules for part in rule.replace(",", " ").split()]
    unknown = [name for name in wanted if not any(name in (c.rule.code, c.rule.family) for c in CHECKS)]
    if unknown:
        raise Trouble(f"no rule or family is called {unknown[0]}; `ipv6check rule` lists them")
    return tuple(check for check in CHECKS if not wanted or {check.rule.code, check.rule.family} & set(wanted))


class Listing(Protocol):
    """Whatever lists assets."""

    def assets(self) -> Iterator[Asset]:
        """The assets, one at a time."""
        ...


def require_contact(inventory: Listing, settings: Settings) -> None:
    """A scan of many public targets must tell their operators whom to turn to. Raises Trouble."""
    if settings.contact:
        return
    public = 0
    for asset in inventory.assets():
        public += asset.view is View.PUBLIC and bool(asset.targets)
        if public > MOST_WITHOUT_CONTACT:
            raise Trouble(
                f"a scan of more than {MOST_WITHOUT_CONTACT} public targets needs a contact for their operators: "
                "give --contact ADDRESS-OR-URL or set IPV6CHECK_CONTACT"
            )
