"""The index of a published set: every agency with its rate and the files about it."""

from collections.abc import Iterator, Sequence

from ipv6check.model.standing import Standing
from ipv6check.reports.messages import Messages
from ipv6check.reports.page.as_html import agency_tree, environment, words
from ipv6check.reports.page.places import AGENCIES, WHOLE, file_stem
from ipv6check.reports.registry import ending
from ipv6check.reports.view import view_of


def render(standing: Standing, language: str, *, formats: Sequence[str], languages: Sequence[str]) -> Iterator[str]:
    """Lines of the page ``index.LANGUAGE.html``; ``formats`` are those published in every one of ``languages``."""
    messages = Messages(language)
    view = view_of(standing, messages, findings=False)
    context = {
        "standing": standing,
        "scan": standing.scan,
        "view": view,
        "agencies": [(depth, row, _files(row.key, language, formats)) for _, depth, row in agency_tree(standing, view)],
        "whole_files": [(one, f"{language}/{WHOLE}.{ending(one)}") for one in formats],
        "languages": [(other, f"index.{other}.html") for other in languages if other != language],
        **words(messages, standing.mandate.period.timezone),
    }
    yield from environment().get_template("index.html").render(context).split("\n")


def _files(agency: str, language: str, formats: Sequence[str]) -> list[tuple[str, str]]:
    stem = file_stem(agency)
    return [(one, f"{language}/{AGENCIES}/{stem}.{ending(one)}") for one in formats] if agency else []
