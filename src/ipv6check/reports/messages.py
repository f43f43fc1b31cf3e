"""Sentences for verdicts, in the language asked for. Codes, tags and args in; prose out."""

import gettext
from collections.abc import Iterator
from functools import cache

from ipv6check.checks.registry import RULES
from ipv6check.model.verdict import Arg, Status, Verdict
from ipv6check.reports import figures
from ipv6check.reports.catalogue import LANGUAGES, load
from ipv6check.reports.inert import inert

NOTHING = "–"
_WORDS = frozenset({"cause", "reason"})
_ABOUT_DNS = ("DNS", "MAI001", "MAI004", "MAI005")


class _Silence(gettext.NullTranslations):
    """The end of the chain: an empty text instead of the msgid, so that no raw tag is ever shown."""

    def pgettext(self, context: str, message: str) -> str:
        return ""


@cache
def _catalogue(language: str) -> gettext.GNUTranslations:
    """The language's catalogue, with English behind it."""
    found = load(language)
    found.add_fallback(_Silence() if language == "en" else _catalogue("en"))
    return found


class Messages:
    """Texts in one language; one that is not shipped speaks English. Every arg goes through ``inert``."""

    def __init__(self, language: str = "en") -> None:
        base = language.replace("_", "-").partition("-")[0].lower()
        self.language = base if base in LANGUAGES else "en"
        self._texts = _catalogue(self.language)
        self._words: dict[tuple[str, str], str] = {}
        self._found: dict[tuple[tuple[str, ...], str], str] = {}

    def title(self, code: str) -> str:
        """What a rule finds wrong, as a heading; the code itself for a rule of another release."""
        rule = RULES.get(code)
        return (self._texts.pgettext(f"title:{code}", rule.name) if rule else "") or inert(code)

    def say(self, verdict: Verdict) -> str:
        """The verdict as one or more sentences."""
        template = self._find((verdict.rule, "common"), verdict.tag)
        if not template:
            status = self.word("status", verdict.status.value)
            return self._texts.pgettext("common", "unnamed-tag").format(rule=inert(verdict.rule), status=status)
        sentences = [self._filled(template, verdict)]
        if verdict.args.get("same_on_ipv4") is True:
            sentences.append(self._texts.pgettext("common", "same-on-ipv4"))
        if "flaky" in verdict.args:
            sentences.append(self._filled(self._texts.pgettext("common", "flaky"), verdict))
        if verdict.args.get("single_resolver") is True:
            sentences.append(self._texts.pgettext("common", "single-resolver"))
        return " ".join(sentences)

    def template(self, code: str, tag: str) -> str:
        """The sentence of a tag with its placeholders in braces, as a rule's documentation shows it."""
        return self._find((code, "common"), tag)

    def fix(self, verdict: Verdict) -> str:
        """What to do about a verdict; empty where there is nothing to do."""
        if verdict.status in (Status.PASS, Status.NOT_APPLICABLE):
            return ""
        template = self._find((f"fix:{verdict.rule}", "fix:common"), verdict.tag)
        return self._filled(template, verdict)

    def facts(self, verdict: Verdict) -> Iterator[tuple[str, str]]:
        """The args of a verdict with names and values for people; a name that the catalogue lacks stays as it is."""
        for key, value in verdict.args.items():
            if isinstance(value, bool):
                yield self.word("arg", key), self.word("answer", "yes" if value else "no")
            else:
                yield self.word("arg", key), self._shown(key, value, verdict)

    def word(self, context: str, word: str) -> str:
        """A word of one of the shared contexts (status, readiness, class, kind, level, failure, dns, address, fitness,
        part, arg); the word itself, made inert, if the catalogue has none."""
        found = self._words.get((context, word))
        if found is None:
            found = self._texts.pgettext(context, word)
            if not found:  # words are a closed set; what a page or a host made up is not kept
                return inert(word)
            self._words[context, word] = found
        return found

    def _find(self, contexts: tuple[str, ...], tag: str) -> str:
        """The first text under one of the contexts; empty if there is none."""
        key = contexts, tag
        found = self._found.get(key)
        if found is None:
            found = next((text for context in contexts if (text := self._texts.pgettext(context, tag))), "")
            if found:  # tags are a closed set; what a page or a host made up is not kept
                self._found[key] = found
        return found

    def _filled(self, template: str, verdict: Verdict) -> str:
        """The template with the verdict's args; a dash for what is missing or empty."""
        args = {key: self._shown(key, value, verdict) for key, value in verdict.args.items()}
        return template.format_map(_Dashes(args))

    def _shown(self, key: str, value: Arg, verdict: Verdict) -> str:
        """One arg as text."""
        text = figures.dated(str(value), self.language)
        if key == "part":
            return self.word("part", text)
        if key in _WORDS:
            return self._find(_contexts(verdict), text) or inert(text) or NOTHING
        return inert(text) or NOTHING


class _Dashes(dict[str, str]):
    """Args of a sentence, with a dash for those an older record lacks."""

    def __missing__(self, key: str) -> str:
        return NOTHING


def _contexts(verdict: Verdict) -> tuple[str, ...]:
    """Where to look for a cause, the likeliest first: some words (``refused``) mean different things on the wire and
    in the DNS."""
    if "dns" in verdict.tag or verdict.rule.startswith(_ABOUT_DNS) or verdict.tag == "mail-undecided":
        return "dns", "failure", "address", "fitness"
    if "special" in verdict.tag or "usable" in verdict.tag or verdict.rule.startswith(("ADR", "NET")):
        return "address", "failure", "dns", "fitness"
    return "failure", "dns", "address", "fitness"
