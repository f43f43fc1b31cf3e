"""Pydantic models over YAML, where every error names its file and line and all of them come at once.

Usage::

    class Thing(FileModel):
        id: str
        starts: Day | None = None
        weight: FiniteFloat = 1.0

    thing = validate(read_yaml(path), Thing)         # raises Problems

Scalars arrive as strings (see yamlfile), so fields use pydantic's lax mode: ``int``, ``float``, ``bool`` and enums read
text. Use ``Day`` for dates (plain ``date`` would take a number as seconds since 1970). Values are never quoted in
messages, since a URL may hold a password.
"""

import difflib
import re
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from ipv6check.files.problem import ProblemLog
from ipv6check.files.yamlfile import Location, YamlDocument


class FileModel(BaseModel):
    """Base of everything a file may hold: unknown fields are errors, values are frozen, blanks around text are cut."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True, hide_input_in_errors=True)


def _iso_day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        raise ValueError("a date is written as 2025-12-31")
    return value.strip() if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_iso_day)]

M = TypeVar("M", bound=BaseModel)


def validate(document: YamlDocument, model: type[M]) -> M:
    """The document as ``model``. Raises ``Problems`` with every fault, in the order of the file."""
    log = ProblemLog()
    found = validate_part(document, model, location=(), value=document.value, log=log)
    log.raise_if_any()
    assert found is not None
    return found


def validate_part(
    document: YamlDocument, model: type[M], *, location: Location, value: object, log: ProblemLog
) -> M | None:
    """One part of a document as ``model``, or None with its faults in ``log``; for readers that go on after one."""
    if value is None and not location:
        log.add(document.file, 0, "is empty")
        return None
    try:
        return model.model_validate(value)
    except ValidationError as error:
        faults = [
            (document.line(*location, *fault["loc"]), _sentence(fault, location, model))
            for fault in error.errors(include_url=False, include_input=False)
        ]
        for line, message in sorted(faults, key=lambda pair: pair[0]):
            log.add(document.file, line, message)
        return None


def _sentence(fault: ErrorDetails, location: Location, model: type[BaseModel]) -> str:
    where = _dotted((*location, *fault["loc"]))
    context: dict[str, Any] = fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return f"{where} is missing"
        case "extra_forbidden":
            return f"{where} is not a known field{_suggestion(fault['loc'], model)}"
        case "enum" | "literal_error":
            return f"{where} must be {context['expected']}"
        case "value_error":
            return f"{where}: {context['error']}" if where else str(context["error"])
        case "model_type" | "dict_type" | "model_attributes_type":
            return f"{where or 'the file'} must be a mapping of fields"
        case "list_type" | "tuple_type":
            return f"{where} must be a list"
        case "string_type":
            return f"{where} must be text"
        case _:
            return f"{where}: {fault['msg'][0].lower()}{fault['msg'][1:]}"


def _suggestion(location: Location, model: type[BaseModel]) -> str:
    """The nearest field of the model at the top; deeper models are not looked into."""
    if len(location) != 1:
        return ""
    near = difflib.get_close_matches(str(location[0]), model.model_fields, n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def _dotted(location: Location) -> str:
    text = ""
    for step in location:
        if isinstance(step, int):
            text += f"[{step + 1}]"
        else:
            text += f".{step}" if text else str(step)
    return text
