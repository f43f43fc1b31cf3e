"""The file of a vantage that serves others: where it listens, who may ask, and what about."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from ipv6check.alertsettings import Secret
from ipv6check.files.problem import Problem, Problems
from ipv6check.files.schema import FileModel, validate
from ipv6check.files.yamlfile import YamlDocument, read_yaml
from ipv6check.model.optout import parse_optout

WEB_PORTS = (80, 443)


def _endpoint(text: str) -> str:
    host, colon, port = text.rpartition(":")
    try:
        ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        colon = ""
    if not colon or not port.isdecimal() or not 0 <= int(port) <= 65535:
        raise ValueError("must be [ADDRESS]:PORT, such as [::]:8443")
    return text


Reference = Annotated[Secret, Field(min_length=1)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Tls(FileModel):
    """Files in PEM. ``clients``: authorities of client certificates; without one of theirs nobody is let in."""

    certificate: Path
    key: Path
    clients: Path | None = None


class Allow(FileModel):
    """What may be looked at. ``hosts`` are names, ``.suffixes`` and prefixes, as in an opt-out list."""

    hosts: tuple[str, ...] = Field(min_length=1)
    ports: tuple[Port, ...] = WEB_PORTS


class Limits(FileModel):
    """``targets`` in one question, looks ``at_once``, questions ``per_minute`` of one visitor, ``seconds`` a look."""

    targets: Annotated[int, Field(ge=1, le=1000)] = 50
    at_once: Annotated[int, Field(ge=1, le=64)] = 4
    per_minute: Annotated[int, Field(ge=1, le=6000)] = 30
    seconds: Annotated[float, Field(ge=1, le=900)] = 120.0


class AgentFile(FileModel):
    """The whole file. ``tokens`` are references to secrets by the visitor's name."""

    schema_: Literal["ipv6check.agent/1"] = Field(alias="schema")
    listen: Annotated[str, AfterValidator(_endpoint)] = "[::]:8443"
    tls: Tls | None = None
    tokens: dict[str, Reference] = {}
    allow: Allow
    limits: Limits = Limits()

    @property
    def address(self) -> str:
        """The literal that is listened on."""
        return self.listen.rpartition(":")[0].removeprefix("[").removesuffix("]")

    @property
    def port(self) -> int:
        """The port that is listened on; 0 takes a free one."""
        return int(self.listen.rpartition(":")[2])


def read_agent_file(path: Path) -> AgentFile:
    """The file. Raises ``Problems`` with every fault and its line; a vantage that anybody could use, or whose talk
    anybody could read, is a fault."""
    document = read_yaml(path)
    found = validate(document, AgentFile)
    problems = list(_faults(document, found))
    if problems:
        raise Problems(problems)
    return found


def _faults(document: YamlDocument, found: AgentFile) -> list[Problem]:
    problems: list[Problem] = []
    _, faults = parse_optout("\n".join(found.allow.hosts))
    for row, message in faults:
        problems.append(Problem(document.file, document.line("allow", "hosts", row - 1), message))
    if not found.tokens and not (found.tls and found.tls.clients):
        problems.append(
            Problem(document.file, 0, "needs tokens, or tls.clients for client certificates: nobody else may ask")
        )
    if found.tls is None and not ipaddress.ip_address(found.address).is_loopback:
        line = document.line("listen")
        problems.append(Problem(document.file, line, "listens beyond this machine, which needs tls"))
    for name in ("certificate", "key", "clients") if found.tls else ():
        file = getattr(found.tls, name)
        if file is not None and not file.is_file():
            problems.append(Problem(document.file, document.line("tls", name), f"tls.{name}: {file} is not a file"))
    return sorted(problems, key=lambda problem: problem.line)
