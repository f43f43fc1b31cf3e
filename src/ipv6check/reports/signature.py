"""The signature block: what a report was counted from, so that anybody with the store can count it again.

It is no cryptographic signature of a person. It binds a file to a scan, a mandate, a day and a selection, and to a
digest over every figure; ``ipv6check verify`` counts again, writes the report again, and compares.
"""

import base64
import hashlib
import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from ipv6check import __version__
from ipv6check.model.asset import AssetClass
from ipv6check.model.rating import Rate
from ipv6check.model.record import Record, in_full
from ipv6check.model.standing import Group, Standing
from ipv6check.reports.figures import day
from ipv6check.reports.inert import inert
from ipv6check.reports.messages import Messages

MARK = "ipv6check-signature-1:"
_SEALED = re.compile(re.escape(MARK) + r"([A-Za-z0-9_=-]+)")
_MOST_OCTETS = 50_000_000


class Broken(ValueError):
    """A signature block that cannot be read."""


class Block(Record, frozen=True, kw_only=True):
    """Digests are SHA-256 in hex. ``figures`` are exact counts by slice, in the order of ``FIGURES``; ``digest`` is
    over them and over everything else that was counted; ``history`` is over what was known of earlier scans, empty
    without. ``tree`` is the day whose agencies the figures are rolled up by, None for the inventory's own;
    ``confirmed`` says that they are of the state that the scan and those before it amount to. ``options`` are what
    else the writing was asked for (the fields of a document, the delimiter of CSV)."""

    format: str
    language: str
    tool_version: str
    ruleset: str
    scan: str
    inventory_digest: str
    mandate: str
    mandate_digest: str
    policy_digest: str
    today: date
    digest: str
    agencies: tuple[str, ...] = ()
    classes: tuple[AssetClass, ...] = ()
    history: str = ""
    confirmed: bool = False
    tree: date | None = None
    options: dict[str, str] = {}
    figures: dict[str, tuple[int, ...]] = {}


FIGURES = (
    "denominator",
    "ready",
    "partial",
    "not_ready",
    "unknown",
    "needs_attestation",
    "not_applicable",
    "exempt",
    "attested",
    "over_cap",
)


def block_of(standing: Standing, language: str, format: str, options: Mapping[str, str] | None = None) -> Block:
    """The block of a report in a language and a format."""
    scan = standing.scan
    figures = {f"{group.kind} {group.key}".strip(): _counts(group.rate) for group in _groups(standing)}
    return Block(
        format=format,
        language=Messages(language).language,
        tool_version=__version__,
        ruleset=scan.ruleset,
        scan=scan.id,
        inventory_digest=scan.inventory_digest,
        mandate=standing.mandate.id,
        mandate_digest=standing.mandate.digest,
        policy_digest=scan.policy_digest,
        today=standing.today,
        agencies=standing.only_agencies,
        classes=standing.only_classes,
        confirmed=standing.confirmed,
        tree=standing.rollup.day,
        digest=digest_of(standing),
        history=history_of(standing),
        options=dict(options or {}),
        figures=figures,
    )


def history_of(standing: Standing) -> str:
    """SHA-256 over what a standing knows of earlier scans; empty if nothing was asked."""
    return _sha256([msgspec.json.encode(in_full(standing.past))]) if standing.past else ""


def digest_of(standing: Standing) -> str:
    """SHA-256 over every figure of a standing: all slices, the heat map, the blockers, the answer, and the readiness of
    each asset. Two standings with one digest say the same."""
    return _sha256(_canonical(standing))


def _canonical(standing: Standing) -> Iterable[bytes]:
    """What is digested, a JSON line each, in the order of the standing."""
    yield _line([standing.mandate.digest, standing.today, standing.unlisted, standing.composite_met])
    for group in _groups(standing):
        yield _line([group.kind, group.key, in_full(group.rate), str(group.goal), group.meets])
    for cell in standing.cells:
        yield _line(["cell", cell.agency, cell.asset_class, in_full(cell.rate)])
    for blocker in standing.blockers:
        yield _line(["blocker", blocker.rule, blocker.tag, blocker.assets, blocker.owners])
    for one in standing.assets:
        yield _line([one.asset.id, one.readiness, one.credit, one.attested, one.exemption, one.basis])


def _groups(standing: Standing) -> tuple[Group, ...]:
    return (standing.whole, *standing.classes, *standing.indicators, *standing.levels, *standing.agencies)


def _counts(rate: Rate) -> tuple[int, ...]:
    return tuple(getattr(rate, name) for name in FIGURES)


def _line(value: object) -> bytes:
    return msgspec.json.encode(value) + b"\n"


def _sha256(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def sealed(block: Block) -> str:
    """The block as one word of letters, digits, ``-``, ``_`` and ``=`` after ``MARK``: safe inside every format."""
    return MARK + base64.urlsafe_b64encode(zlib.compress(msgspec.json.encode(block), 9)).decode()


def unsealed(text: str) -> Block | None:
    """The last block in a text; None if there is none. Raises Broken."""
    found = _SEALED.findall(text)
    if not found:
        return None
    try:
        unpack = zlib.decompressobj()
        octets = unpack.decompress(base64.urlsafe_b64decode(found[-1]), _MOST_OCTETS)
        if not unpack.eof:
            raise Broken("it is cut off")
        return msgspec.json.decode(octets, type=Block)
    except Broken:
        raise
    except (ValueError, zlib.error, msgspec.MsgspecError) as error:
        raise Broken(str(error)) from None


def without_seal(text: str) -> str:
    """The text with every block taken out, for comparing what is around it."""
    return _SEALED.sub("", text)


def shown(block: Block, messages: Messages) -> list[tuple[str, str]]:
    """The block for a reader: labels and values, digests whole."""
    say = messages.word
    chosen = [*block.agencies, *(say("class", one.value) for one in block.classes)]
    return [
        (say("signature", "tool"), f"ipv6check {block.tool_version}, {say('report', 'ruleset')} {block.ruleset}"),
        (say("report", "scan"), inert(block.scan)),
        (say("report", "today"), day(block.today, messages.language)),
        (say("signature", "selection"), inert(", ".join(chosen)) or say("signature", "everything")),
        (say("signature", "inventory-digest"), block.inventory_digest),
        (say("signature", "mandate-digest"), block.mandate_digest),
        (say("signature", "policy-digest"), block.policy_digest),
        (say("signature", "figures-digest"), block.digest),
    ]
