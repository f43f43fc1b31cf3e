"""Several reports of one run: ``-f junit=FILE -f sarif=FILE``, or ``-f`` and ``-o`` in pairs."""

from collections.abc import Sequence
from typing import NamedTuple

from ipv6check.model.trouble import Trouble

STANDARD_OUTPUT = "-"
NONE = "none"

FORMAT_HELP = "table, json, csv, markdown, html, junit, sarif, github … or FORMAT=FILE; repeatable."
OUTPUT_HELP = "Write to a file, in turn for each --format without one; - is standard output."


def one_of(option: str, given: str, known: Sequence[str]) -> None:
    """Raises Trouble if ``given`` is none of the words an option takes."""
    if given not in known:
        raise Trouble(f"{option} {given}: not one of {', '.join(known)}")


class Order(NamedTuple):
    """One report that was asked for; ``output`` is a path or ``-``."""

    format: str
    output: str


def orders(formats: Sequence[str], outputs: Sequence[str], *, default: str = "table") -> tuple[Order, ...]:
    """What ``--format`` and ``--output`` ask for, in their order; nothing for ``none``.

    A format may carry its file (``sarif=out.sarif``); those that do not take the outputs in turn, and what is left goes
    to standard output. Raises Trouble if two would go to one place, or an output has no format.
    """
    chosen = list(formats) or [default]
    if NONE in chosen:
        if len(chosen) > 1 or outputs:
            raise Trouble("--format none: cannot be combined with another format or with --output")
        return ()
    left = list(outputs)
    found = []
    for text in chosen:
        name, equals, path = text.partition("=")
        if equals and not path:
            raise Trouble(f"--format {text}: no file after the equals sign")
        found.append(Order(name, path if equals else left.pop(0) if left else STANDARD_OUTPUT))
    if left:
        raise Trouble(f"--output {left[0]}: there is no --format left for it")
    for place in {order.output for order in found}:
        if sum(order.output == place for order in found) > 1:
            where = "standard output" if place == STANDARD_OUTPUT else place
            raise Trouble(f"two reports would go to {where}; give each a file, as in --format junit=junit.xml")
    return tuple(found)
