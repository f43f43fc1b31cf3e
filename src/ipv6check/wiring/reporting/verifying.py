"""A report file counted again from the store."""

from collections.abc import Sequence

from ipv6check import __version__
from ipv6check.checks.registry import CHECKS, RULES, RULESET
from ipv6check.compliance.part import Parts
from ipv6check.mandates.load import SHIPPED, load_mandate
from ipv6check.model.mandate import Mandate
from ipv6check.model.scan import Scan
from ipv6check.model.standing import Standing
from ipv6check.model.trouble import Trouble
from ipv6check.reports.paper.document import EVIDENCE
from ipv6check.reports.signature import Block, history_of
from ipv6check.store.errors import UnknownScan
from ipv6check.store.repository import Store
from ipv6check.wiring.reporting.counting import standing_of
from ipv6check.wiring.reporting.evidence import with_annex
from ipv6check.wiring.reporting.lineage import lineage_of
from ipv6check.wiring.reporting.records import recorded


class Uncheckable(Trouble):
    """What a report was counted from is not at hand; ``str()`` says what."""


async def counted_again(store: Store, block: Block, *, mandate: str = "") -> Standing:
    """The standing that a report's block speaks of, from the same scan, mandate, day and part.

    ``mandate`` is a file to look for its mandate in, besides the shipped ones. Raises Uncheckable if the scan, the
    mandate or the rules are not those of the report; StoreError.
    """
    if block.ruleset != RULESET:
        raise Uncheckable(
            f"the report was judged by rule set {block.ruleset}, this release has {RULESET}; "
            + (
                f"take ipv6check {block.tool_version}"
                if block.tool_version != __version__
                else "take the ipv6check that wrote it"
            )
        )
    found = _mandate(block, mandate)
    try:
        scan = await store.scan(block.scan)
    except UnknownScan:
        raise Uncheckable(f"scan {block.scan} is not in this database") from None
    for what, written, stored in (
        ("inventory", block.inventory_digest, scan.inventory_digest),
        ("measuring policy", block.policy_digest, scan.policy_digest),
        ("rule set", block.ruleset, scan.ruleset),
    ):
        if written != stored:
            raise Uncheckable(f"the report was counted with another {what} than scan {scan.id} has: {written[:16]}")
    standing = await _counted(store, scan, found, block, block.agencies)
    if len(block.agencies) == 1 and not block.classes and history_of(standing) != block.history:
        # A published set counts once and takes each agency's changes out of those of the whole.
        standing = await _published(store, scan, found, block)
    if EVIDENCE not in block.options:
        return standing
    for basis in dict.fromkeys((scan.id, *(one.basis for one in standing.assets if one.basis))):
        if await store.dropped_at(basis) is not None:
            raise Uncheckable(f"the report prints digests of evidence, and that of scan {basis} was dropped")
    return await with_annex(store, standing)


async def _counted(store: Store, scan: Scan, mandate: Mandate, block: Block, agencies: Sequence[str]) -> Standing:
    return await standing_of(
        store,
        scan,
        mandate,
        today=block.today,
        agencies=agencies,
        classes=block.classes,
        tree=block.tree,
        confirmed=block.confirmed,
    )


async def _published(store: Store, scan: Scan, mandate: Mandate, block: Block) -> Standing:
    whole = await _counted(store, scan, mandate, block, ())
    agencies = (await store.revision_of(scan)).agencies
    lineage = await lineage_of(store, scan, mandate)
    records = await recorded(store, lineage, whole, agencies, block.agencies)
    return records.onto(Parts(whole, agencies, checks=CHECKS).of(block.agencies[0]))


def _mandate(block: Block, given: str) -> Mandate:
    """The mandate with the digest of the block. Raises Uncheckable, and Problems for a given file with faults."""
    names = [given] if given else [name for name in SHIPPED if name == block.mandate]
    for name in names:
        found = load_mandate(name, known_rules=frozenset(RULES))
        if found.digest == block.mandate_digest:
            return found
    advice = "it is another text" if names else "give its file with --mandate"
    raise Uncheckable(f"no mandate {block.mandate} with SHA-256 {block.mandate_digest[:16]}… is at hand: {advice}")
