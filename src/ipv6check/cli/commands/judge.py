"""``ipv6check judge``: stored evidence under another policy or mandate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from ipv6check.cli.exits import run_async
from ipv6check.cli.options import DatabaseUrl, Formats, Language, Outputs, PolicyChoice
from ipv6check.cli.orders import orders

if TYPE_CHECKING:
    from ipv6check.model.standing import Standing
    from ipv6check.settings import Settings


def judge(
    scan: Annotated[str, typer.Option(help="Id of a scan, its beginning, or latest.")] = "latest",
    db: DatabaseUrl = "",
    policy: PolicyChoice = "",
    mandate: Annotated[str, typer.Option(help="A shipped mandate or a mandate file; the scan's own otherwise.")] = "",
    format: Formats = [],  # noqa: B006
    output: Outputs = [],  # noqa: B006
    csv_delimiter: Annotated[str, typer.Option(help="Between two cells.")] = ",",
    lang: Language = "",
) -> None:
    """Judge the stored evidence of a scan again. No packet is sent and nothing stored is changed."""
    from ipv6check.cli.output import check_form, emit
    from ipv6check.settings import load_settings

    settings, _ = load_settings(db=db, policy=policy, mandate=mandate, lang=lang)
    wanted = orders(format, output)
    for order in wanted:
        check_form(format=order.format, language=settings.lang, csv_delimiter=csv_delimiter, output=order.output)
    standing = run_async(_judge(settings, scan))
    for order in wanted:
        emit(
            standing,
            format=order.format,
            output=order.output,
            language=settings.lang,
            csv_delimiter=csv_delimiter,
        )


async def _judge(settings: Settings, scan: str) -> Standing:
    from ipv6check.store.open import open_store
    from ipv6check.wiring.inputs import read_mandate, read_policy
    from ipv6check.wiring.scans.judging import judge_again

    async with await open_store(settings.db, create=False) as store:
        found = await store.scan(scan)
        chosen = read_mandate(settings, found.mandate)
        return await judge_again(store, found, chosen, read_policy(settings, chosen))
