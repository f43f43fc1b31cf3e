"""``ipv6check report``: a stored scan under a mandate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import Exit, Leave, run_async
from ipv6check.cli.options import Agencies, DatabaseUrl, Formats, Language, Outputs, Today, Tree, day_of, tree_day
from ipv6check.cli.orders import orders
from ipv6check.model.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ipv6check.cli.orders import Order
    from ipv6check.model.asset import AssetClass
    from ipv6check.model.standing import Standing
    from ipv6check.settings import Settings


_EXITS = {"met": Exit.GOOD, "missed": Exit.FINDINGS, "no-verdict": Exit.UNTRUSTWORTHY}


def report(
    scan: Annotated[
        str, typer.Option(help="Only what this scan saw: its id, the beginning of it, or latest.", show_default=False)
    ] = "",
    db: DatabaseUrl = "",
    mandate: Annotated[str, typer.Option(help="A shipped mandate or a mandate file; the scan's own otherwise.")] = "",
    agency: Agencies = [],  # noqa: B006
    asset_class: Annotated[
        list[str], typer.Option("--class", help="Only network, service, application, software or device; repeatable.")
    ] = [],  # noqa: B006
    today: Today = "",
    tree: Tree = "listed",
    format: Formats = [],  # noqa: B006
    output: Outputs = [],  # noqa: B006
    csv_delimiter: Annotated[str, typer.Option(help="Between two cells.")] = ",",
    field: Annotated[
        list[str],
        typer.Option(help="What the frame of a document (pdf, docx) says, as number=12/BC or place=…; repeatable."),
    ] = [],  # noqa: B006
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit 0 if the goal is met, 1 if it is missed, 3 if neither is proven.")
    ] = False,
    goal: Annotated[str, typer.Option(help="A percentage for --gate in place of the mandate's goal.")] = "",
    lang: Language = "",
) -> None:
    """Count the confirmed state after the latest scan, or one scan alone, and report by agency and class."""
    from ipv6check.cli.output import check_form, emit, fields_of
    from ipv6check.settings import load_settings

    settings, _ = load_settings(db=db, mandate=mandate, lang=lang)
    fields = fields_of(field)
    share = _share(goal) if goal else None
    wanted = orders(format, output)
    _require_format("--field", bool(field), ("pdf", "docx"), wanted)
    for order in wanted:
        check_form(format=order.format, language=settings.lang, csv_delimiter=csv_delimiter, output=order.output)
    classes = chosen_classes(asset_class)
    tree_day(tree, None)
    standing = run_async(
        _count(
            settings,
            scan,
            agency,
            classes,
            day_of("--today", today),
            tree,
            wanted,
        )
    )
    for order in wanted:
        emit(
            standing,
            format=order.format,
            output=order.output,
            language=settings.lang,
            csv_delimiter=csv_delimiter,
            fields=fields,
        )
    if gate or goal:
        answer = _gate(standing, share)
        _tell_gate(answer, settings.lang)
        raise Leave(_EXITS[answer])


async def _count(
    settings: Settings,
    scan: str,
    agencies: list[str],
    classes: tuple[AssetClass, ...],
    today: date | None,
    tree: str,
    wanted: Sequence[Order],
) -> Standing:
    from datetime import UTC, datetime

    from ipv6check.compliance.deadline import today_in
    from ipv6check.reports.registry import DOCUMENTS
    from ipv6check.store.open import open_store
    from ipv6check.wiring.inputs import read_mandate
    from ipv6check.wiring.reporting.counting import args_for, standing_of
    from ipv6check.wiring.reporting.evidence import with_annex

    async with await open_store(settings.db, create=False) as store:
        found = await store.scan(scan or "latest")
        mandate = read_mandate(settings, found.mandate)
        day = tree_day(tree, today or today_in(mandate.period, datetime.now(UTC)))
        standing = await standing_of(
            store,
            found,
            mandate,
            today=today,
            agencies=agencies,
            classes=classes,
            tree=day,
            confirmed=not scan,
            args=args_for(order.format for order in wanted),
        )
        return await with_annex(store, standing) if any(order.format in DOCUMENTS for order in wanted) else standing


def chosen_classes(wanted: list[str]) -> tuple[AssetClass, ...]:
    """The classes of an option. Raises Trouble for a word that is none."""
    from ipv6check.model.asset import AssetClass

    known = {one.value: one for one in AssetClass}
    for word in wanted:
        if word not in known:
            raise Trouble(f"--class {word}: not one of {', '.join(known)}")
    return tuple(known[word] for word in dict.fromkeys(wanted))


def _share(goal: str) -> float:
    """A percentage as a share. Raises Trouble."""
    try:
        share = float(goal.removesuffix("%").strip()) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise Trouble(f"--goal {goal}: not a percentage between 0 and 100")
    return round(share, 6)


def _require_format(option: str, given: bool, formats: tuple[str, ...], wanted: Sequence[Order]) -> None:
    """Raises Trouble for an option that no report asked for would heed."""
    if given and all(order.format not in formats for order in wanted):
        raise Trouble(f"{option}: is for --format {' or '.join(formats)} alone")


def _gate(standing: Standing, goal: float | None) -> str:
    """The mandate's own answer, or that of the whole inventory under another goal."""
    from msgspec.structs import replace

    from ipv6check.compliance.counting import meets
    from ipv6check.compliance.gate import gate, gate_of

    if goal is None:
        return gate(standing).value
    return gate_of(replace(standing.whole, goal=goal, meets=meets(standing.whole.rate, goal))).value


def _tell_gate(answer: str, language: str) -> None:
    """One sentence on stderr, since the exit code says no reason."""
    from ipv6check.cli.output import chosen_language
    from ipv6check.reports.messages import Messages

    typer.echo(Messages(chosen_language(language)).word("gate", answer), err=True)
