"""The signature block: read back whole from every format of text, and a digest that every figure changes."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from ipv6check.model.rating import Readiness
from ipv6check.reports.registry import FORMATS
from ipv6check.reports.signature import MARK, Broken, block_of, digest_of, sealed, unsealed, without_seal
from tests.unit.reports.test_formats import standing


@pytest.mark.parametrize("fmt", ["json", "jsonl", "csv", "markdown"])
def test_a_report_of_text_carries_its_block_once_and_whole(fmt):
    whole = standing()
    text = "\n".join(FORMATS[fmt](whole, "vi"))
    assert text.count(MARK) == 1
    options = {"delimiter": ","} if fmt == "csv" else {}
    assert unsealed(text) == block_of(whole, "vi", fmt, options)


def test_the_digest_changes_with_every_figure_and_not_with_the_language():
    whole = standing()
    one, *others = whole.assets
    changed = [
        replace(whole, today=date(2026, 1, 3)),
        replace(whole, unlisted=whole.unlisted + 1),
        replace(whole, whole=replace(whole.whole, rate=replace(whole.whole.rate, ready=99))),
        replace(whole, whole=replace(whole.whole, goal=0.5)),
        replace(whole, assets=(replace(one, readiness=Readiness.EXEMPT), *others)),
        replace(whole, assets=tuple(others)),
        replace(whole, cells=whole.cells[1:]),
        replace(whole, mandate=replace(whole.mandate, digest="2" * 64)),
    ]
    digests = {digest_of(one) for one in changed}
    assert len(digests) == len(changed)
    assert digest_of(whole) not in digests
    assert block_of(whole, "vi", "csv").digest == block_of(whole, "en", "json").digest == digest_of(whole)


def test_the_chosen_part_is_kept():
    part = replace(standing(), only_agencies=("so",))
    block = unsealed(sealed(block_of(part, "en", "json")))
    assert block is not None
    assert block.agencies == ("so",)


def test_a_damaged_block_is_said_and_a_missing_one_is_none():
    seal = sealed(block_of(standing(), "en", "json"))
    assert unsealed("no block here") is None
    for damaged in (seal[:-9], MARK + seal.removeprefix(MARK)[::-1], MARK + "AAAA", MARK + "="):
        with pytest.raises(Broken):
            unsealed(damaged)


@given(st.text())
def test_no_text_makes_the_reader_fail_otherwise(text):
    try:
        unsealed(MARK + text)
    except Broken:
        return


def test_a_seal_is_taken_out_and_nothing_else():
    assert without_seal(f"a <!-- {sealed(block_of(standing(), 'en', 'json'))} --> b") == "a <!--  --> b"
