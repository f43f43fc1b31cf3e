"""``--resolve`` and ``--address``: addresses given by hand, held against what is checked."""

from collections.abc import Sequence

from ipv6check.inventory.normalise import Malformed, address, host_name, port
from ipv6check.model.asset import Asset
from ipv6check.model.trouble import Trouble


def stated_addresses(
    resolve: Sequence[str], literals: Sequence[str], assets: Sequence[Asset]
) -> dict[str, tuple[str, ...]]:
    """Addresses by name. ``resolve`` are ``NAME=[ADDRESS],…`` or ``NAME:PORT=…``, ``literals`` are for the only name
    that ``assets`` have. Raises Trouble for what cannot be read, and for what would not be used as it was meant."""
    ports: dict[str, set[int]] = {}
    for asset in assets:
        for target in asset.targets:
            if not target.is_literal:
                ports.setdefault(target.host, set()).add(target.port)
    stated: dict[str, tuple[str, ...]] = {}
    for text in resolve:
        name, wanted, addresses = _statement(text)
        if wanted is not None and ports.get(name) != {wanted}:
            others = ", ".join(map(str, sorted(ports.get(name, ())))) or "none"
            raise Trouble(
                f"--resolve {text}: ports of {name} that are checked: {others}; leave the port out, or check it alone"
            )
        stated[name] = tuple(dict.fromkeys((*stated.get(name, ()), *addresses)))
    if literals:
        if len(ports) != 1:
            raise Trouble(
                f"--address {literals[0]}: needs one name to check, not {len(ports)}; use --resolve NAME=ADDRESS"
            )
        (name,) = ports
        given = tuple(_literal(text, f"--address {text}") for text in literals)
        stated[name] = tuple(dict.fromkeys((*stated.get(name, ()), *given)))
    return stated


def _statement(text: str) -> tuple[str, int | None, tuple[str, ...]]:
    """Name, port if one was given, addresses."""
    left, equals, right = text.partition("=")
    parts = [part.strip() for part in right.split(",") if part.strip()]
    if not equals or not parts:
        raise Trouble(f"--resolve {text}: must be NAME=[ADDRESS], or NAME:PORT=[ADDRESS]; several with commas")
    bare, colon, number = left.partition(":")
    try:
        return (
            host_name(bare),
            port(number) if colon else None,
            tuple(_literal(part, f"--resolve {text}") for part in parts),
        )
    except Malformed as error:
        raise Trouble(f"--resolve {text}: {error}") from None


def _literal(text: str, option: str) -> str:
    try:
        literal, zone = address(text)
    except Malformed as error:
        raise Trouble(f"{option}: {error}") from None
    if zone:
        raise Trouble(f"{option}: a link-local address belongs into an inventory, with its zone")
    return literal
