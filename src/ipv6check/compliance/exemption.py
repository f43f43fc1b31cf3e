"""Exemptions in force on a day."""

from collections.abc import Sequence
from datetime import date, timedelta

from ipv6check.compliance.scope import AgencyTree, selects
from ipv6check.model.asset import Asset
from ipv6check.model.mandate import Exemption

WARNING_DAYS = 90


def in_force(exemption: Exemption, today: date) -> bool:
    """True from its first to its last day, both included."""
    return (exemption.starts is None or exemption.starts <= today) and today <= exemption.expires


def exemption_for(asset: Asset, exemptions: Sequence[Exemption], today: date, tree: AgencyTree) -> str:
    """The id of the first exemption in force that selects the asset, else an empty text."""
    for exemption in exemptions:
        if in_force(exemption, today) and selects(exemption.select, asset, tree):
            return exemption.id
    return ""


def expires_soon(exemption: Exemption, today: date) -> bool:
    """True in the last 90 days of an exemption in force."""
    return in_force(exemption, today) and exemption.expires - today <= timedelta(days=WARNING_DAYS)
