"""Reports, character for character: whoever changes a text sees what a reader will see."""

import pytest

from tests.unit.reports.golden import FOLDER, texts

TEXTS = dict(texts())


@pytest.mark.parametrize("name", TEXTS)
def test_a_report_reads_as_it_was_approved(name: str) -> None:
    assert TEXTS[name] == (FOLDER / name).read_text(encoding="utf-8")


def test_no_approved_text_is_left_behind() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(TEXTS)
