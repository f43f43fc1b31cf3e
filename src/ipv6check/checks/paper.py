"""Addresses and prefixes as an inventory documents them."""

from ipaddress import AddressValueError, IPv6Address, IPv6Network, NetmaskValueError

from ipv6check.model.address import classify
from ipv6check.model.policy import Policy

GLOBAL_WORDS = frozenset({"global", "unusual"})
ULA = "ula"
LINK_LOCAL = "link_local"


def ipv6_address(text: str) -> IPv6Address | None:
    """The address without its zone id; None if ``text`` is no IPv6 address."""
    try:
        return IPv6Address(text.partition("%")[0])
    except AddressValueError:
        return None


def ipv6_prefix(text: str) -> IPv6Network | None:
    """The prefix; None if ``text`` is no IPv6 prefix. Set host bits are cut off."""
    if "/" not in text:
        return None
    try:
        return IPv6Network(text, strict=False)
    except (AddressValueError, NetmaskValueError):
        return None


def fault_of(address: IPv6Address, policy: Policy, *, internal: bool) -> str:
    """The word of the block that makes ``address`` unfit for the asset; empty if it is fit. Pure table look-up."""
    if any(address in IPv6Network(prefix) for prefix in policy.treat_as_global if ":" in prefix):
        return ""
    word = classify(str(address)).word
    if word in GLOBAL_WORDS or (internal and word == ULA):
        return ""
    return word


def fault_of_prefix(prefix: IPv6Network, policy: Policy, *, internal: bool) -> str:
    """As ``fault_of``, for both ends of a prefix, so that one that is wider than its block is caught."""
    first = fault_of(prefix.network_address, policy, internal=internal)
    return first or fault_of(prefix.broadcast_address, policy, internal=internal)
