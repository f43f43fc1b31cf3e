"""Files, registry, catalogues and headings of the checks agree."""

import gettext
import re
import string
from importlib import import_module
from pathlib import Path

import pytest

import ipv6check.checks
from ipv6check.checks.documentation import document_check
from ipv6check.checks.registry import CHECKS, RULES
from ipv6check.model.dns import DnsOutcome
from ipv6check.model.failure import Failure
from ipv6check.model.verdict import COMMON_TAGS, Status, Verdict
from ipv6check.reports.catalogue import LANGUAGES, LOCALE, compile_po, po_path
from ipv6check.reports.messages import Messages

FOLDER = Path(ipv6check.checks.__path__[0])
FILES = sorted(path.stem for path in FOLDER.glob("*.py") if re.match(r"[a-z]+[0-9]{3}_", path.stem))
RULE_CODE = re.compile(r"(?:title:|fix:)?([A-Z]+[0-9]{3})")


def catalogue(language: str) -> dict[tuple[str, str], str]:
    """Context and msgid to text, as read from the .po."""
    from babel.messages.pofile import read_po

    with po_path(language).open("rb") as source:
        messages = [message for message in read_po(source, abort_invalid=True) if message.id]
    assert not any(message.fuzzy for message in messages)
    found = {(message.context, message.id): message.string for message in messages}
    assert len(found) == len(messages)
    return found


TEXTS = {language: catalogue(language) for language in LANGUAGES}


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def test_every_file_is_registered_under_its_own_code_and_name():
    modules = [import_module(f"ipv6check.checks.{stem}") for stem in FILES]
    assert {module.CHECK.rule.code for module in modules} == set(RULES)
    assert len(CHECKS) == len(RULES) == len(FILES)
    for stem, module in zip(FILES, modules, strict=True):
        rule = module.CHECK.rule
        assert module.RULE is rule
        assert stem == f"{rule.code.lower()}_{rule.name.replace('-', '_')}"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.rule.code)
def test_a_check_is_documented_and_short(check):
    assert document_check(check).summary.endswith(".")
    path = FOLDER / f"{check.rule.code.lower()}_{check.rule.name.replace('-', '_')}.py"
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 120


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_tag_has_a_text_and_no_text_lacks_its_tag(language):
    texts = TEXTS[language]
    for rule in RULES.values():
        assert texts[f"title:{rule.code}", rule.name]
        for tag in rule.tags | COMMON_TAGS:
            assert texts.get((rule.code, tag)) or texts.get(("common", tag)), (rule.code, tag)
    for context, msgid in texts:
        code = RULE_CODE.fullmatch(context)
        if code and not context.startswith("title:"):
            assert msgid in RULES[code[1]].tags, (context, msgid)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_have_the_same_texts_with_the_same_placeholders(language):
    assert set(TEXTS[language]) == set(TEXTS["en"])
    for key, text in TEXTS[language].items():
        assert text.strip() == text != "", key
        assert fields(text) == fields(TEXTS["en"][key]), key


def test_a_fix_uses_nothing_that_its_sentence_could_not():
    """What a tag is given as args is a fact of the judge; the sentence and its fix must not ask for more."""
    for (context, tag), text in TEXTS["en"].items():
        if context.startswith("fix:"):
            code = context.removeprefix("fix:")
            known = fields(TEXTS["en"].get((code, tag)) or TEXTS["en"]["common", tag])
            assert fields(text) <= known | {"name", "alias", "port", "address", "url", "ipv4_address", "zone"}, (
                code,
                tag,
            )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("context", "words"), [("failure", Failure), ("dns", DnsOutcome), ("status", Status)])
def test_every_stored_word_has_a_text(language, context, words):
    for word in words:
        assert TEXTS[language][context, word.value]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_of_the_address_table_has_a_word(language):
    from ipv6check.model.address import registry_rows

    for row in (*registry_rows(6), *registry_rows(4)):
        assert (("address", row.word)) in TEXTS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_raw_msgid_is_shown(language):
    messages = Messages(language)
    for rule in RULES.values():
        assert messages.title(rule.code) not in (rule.code, rule.name)
        for tag in rule.tags | COMMON_TAGS:
            for status in Status:
                verdict = Verdict(rule=rule.code, status=status, tag=tag)
                assert tag not in messages.say(verdict).split()
                assert "{" not in messages.say(verdict) + messages.fix(verdict)


def test_a_language_folder_is_a_language():
    assert sorted(path.name for path in LOCALE.iterdir() if path.is_dir()) == sorted(LANGUAGES)


def test_the_compiled_form_says_the_same(tmp_path):
    from io import BytesIO

    compiled = gettext.GNUTranslations(BytesIO(compile_po(po_path("vi"))))
    assert compiled.pgettext("class", "network") == "mạng lưới"


def test_vietnamese_that_nobody_confirmed_is_marked():
    text = po_path("vi").read_text(encoding="utf-8")
    assert text.count("#. for a native reviewer") > 200
    assert '#. for a native reviewer\nmsgctxt "class"' not in text
