"""Reading mandates: shipped ones by id, others by path."""

from collections.abc import Collection
from importlib.resources import files
from pathlib import Path
from typing import Any

from ipv6check.files.problem import Problem, ProblemLog, Problems
from ipv6check.files.schema import validate_part
from ipv6check.files.yamlfile import YamlDocument, parse_yaml, read_yaml
from ipv6check.mandates.coherence import incoherences
from ipv6check.mandates.fiscal import day_of, is_fiscal_year
from ipv6check.mandates.schema import MandateFile, SelectEntry
from ipv6check.model.mandate import (
    Attested,
    Composite,
    Counting,
    Exemption,
    Indicator,
    Instrument,
    Mandate,
    Milestone,
    Period,
    Requirement,
    Scope,
    Select,
)

SHIPPED = (
    "dual-stack",
    "vn-ben-tre-2025",
    "vn-ipv6-for-gov",
    "vn-ipv6-only-2030",
    "us-omb-m-21-07",
    "nl-comply-or-explain",
    "template",
)
_ALL = 10_000


def load_mandate(name: str | Path, *, known_rules: Collection[str]) -> Mandate:
    """A shipped mandate by its id, or a mandate file by its path.

    ``known_rules`` are the codes of the rules there are. Raises ``Problems`` with every fault of the file and its line.
    """
    return parse_mandate(_document(str(name)), known_rules=known_rules)


def parse_mandate(document: YamlDocument, *, known_rules: Collection[str]) -> Mandate:
    """The mandate a document describes; ``digest`` is of its octets. Raises ``Problems``."""
    log = ProblemLog(keep=_ALL)
    entry = validate_part(document, MandateFile, location=(), value=document.value, log=log)
    for location, message in incoherences(document.value, known_rules):
        log.add(document.file, document.line(*location), message)
    if log.total or entry is None:
        raise Problems(sorted(log.first, key=lambda problem: problem.line), total=log.total)
    return _mandate(entry, document.digest)


def mandate_text(name: str) -> str:
    """A mandate as it is written, comments and all. For names that ``load_mandate`` has taken; OSError otherwise."""
    return _shipped(name).decode() if name in SHIPPED else Path(name).read_text(encoding="utf-8-sig")


def _shipped(name: str) -> bytes:
    return (files("ipv6check") / "data" / "mandates" / f"{name}.yaml").read_bytes()


def _document(name: str) -> YamlDocument:
    if name in SHIPPED:
        return parse_yaml(_shipped(name), file=f"{name}.yaml (shipped)")
    path = Path(name)
    if not path.is_file() and path.suffix not in (".yaml", ".yml"):
        shipped = ", ".join(SHIPPED)
        raise Problems([Problem(name, 0, f"is neither a shipped mandate ({shipped}) nor a file")])
    return read_yaml(path)


def _mandate(entry: MandateFile, digest: str) -> Mandate:
    counting = entry.counting.model_dump()
    return Mandate(
        id=entry.id,
        title=entry.title,
        period=Period(**_dated(entry.period.model_dump(), "deadline", entry.period.fiscal_year_end)),
        checks={
            key: Requirement(**{field: tuple(value) for field, value in one.model_dump().items()})
            for key, one in entry.checks.items()
        },
        instruments=tuple(Instrument(**one.model_dump()) for one in entry.instruments),
        scope=Scope(
            levels=tuple(entry.scope.organisations.levels),
            under=tuple(entry.scope.organisations.under),
            classes=tuple(entry.scope.assets.classes),
            exclude_roles=tuple(entry.scope.assets.exclude_roles),
        ),
        predicate=entry.predicate,
        counting=Counting(**{**counting, "attested": Attested(**counting["attested"])}),
        indicators=tuple(Indicator(**_selecting(one.model_dump(), one.select)) for one in entry.indicators),
        milestones=tuple(
            Milestone(**_dated(one.model_dump(), "date", entry.period.fiscal_year_end)) for one in entry.milestones
        ),
        composite=Composite(rule=entry.composite.rule, of=tuple(entry.composite.of)),
        exemptions=tuple(Exemption(**_selecting(one.model_dump(), one.select)) for one in entry.exemptions),
        succession=entry.succession.model_dump(by_alias=True),
        assumptions=tuple(entry.assumptions),
        policy=entry.policy,
        digest=digest,
    )


def _dated(fields: dict[str, Any], name: str, fiscal_year_end: str) -> dict[str, Any]:
    """The fields with the day that is meant, and the fiscal year as it is written."""
    text = fields[name]
    if text is None:
        return fields
    return {**fields, name: day_of(text, fiscal_year_end), "fiscal_year": text if is_fiscal_year(text) else ""}


def _selecting(fields: dict[str, Any], select: SelectEntry) -> dict[str, Any]:
    chosen = select.model_dump()
    return {
        **fields,
        "select": Select(**{**chosen, "classes": tuple(select.classes), "any_tag": tuple(select.any_tag)}),
    }
