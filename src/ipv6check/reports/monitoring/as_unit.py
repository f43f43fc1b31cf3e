"""Files for running ipv6check: units, cron lines, manifests, rules, who asks. Templates in ``data/operations``;
each value is quoted as its format asks."""

import shlex
from collections.abc import Mapping
from importlib.resources import files

from ipv6check.model.record import Record

KINDS: dict[str, tuple[str, ...]] = {
    "systemd": ("ipv6check.service", "ipv6check.timer"),
    "agent": ("ipv6check-agent.service",),
    "cron": ("ipv6check.cron",),
    "kubernetes": ("kubernetes.yaml",),
    "compose": ("compose.yaml",),
    "prometheus": ("prometheus-rules.yaml",),
    "grafana": ("grafana-dashboard.json",),
    "probing": ("probing.txt",),
}
"""What can be installed, and the files it takes."""


class Facts(Record, frozen=True, kw_only=True):
    """What the files say. ``at`` is HH:MM in ``timezone``; ``environment`` holds no secret. ``contact`` is a URI for
    operators of targets, ``expires`` a time of RFC 3339 (RFC 9116 section 2.5.5)."""

    inventory: str
    command: str
    image: str
    at: str
    timezone: str
    environment: Mapping[str, str] = {}
    contact: str = ""
    expires: str = ""


def render(kind: str, facts: Facts) -> dict[str, str]:
    """The files of one kind by name. KeyError for a kind that is none."""
    return {name: _file(name, facts) for name in KINDS[kind]}


def _file(name: str, facts: Facts) -> str:
    folder = files("ipv6check").joinpath("data/operations")
    plain = folder.joinpath(name)
    if plain.is_file():
        return plain.read_text(encoding="utf-8")
    from jinja2 import Environment, StrictUndefined

    # No HTML here: each format has a filter of its own. The JSON of ``tojson`` is a YAML string too.
    made = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)
    made.filters |= {"unit": unit_quoted, "shell": cron_quoted}
    hour, _, minute = facts.at.partition(":")
    template = made.from_string(folder.joinpath(f"{name}.j2").read_text(encoding="utf-8"))
    return template.render(
        inventory=facts.inventory,
        command=facts.command,
        image=facts.image,
        at=facts.at,
        hour=int(hour),
        minute=int(minute),
        timezone=facts.timezone,
        environment=dict(facts.environment),
        contact=facts.contact,
        expires=facts.expires,
    )


def unit_quoted(text: str) -> str:
    """One word of a systemd unit: quotes, specifiers and variables are taken as they stand."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$").replace("\n", "\\n")
    return f'"{escaped}"'


def cron_quoted(text: str) -> str:
    """One word of a cron line, where a percent sign would end the command."""
    return shlex.quote(text).replace("%", r"\%")
