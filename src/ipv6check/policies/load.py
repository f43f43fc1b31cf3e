"""Reading policies: shipped ones by name, others by path; and a mandate's thresholds laid over one."""

import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import msgspec

from ipv6check.files.problem import Problem, Problems
from ipv6check.files.yamlfile import YamlDocument, parse_yaml, read_yaml
from ipv6check.model.override import override
from ipv6check.model.policy import Policy
from ipv6check.model.record import in_full

SCHEMA = "ipv6check.policy/1"
SHIPPED = ("default", "ci", "lab")


def load_policy(name: str) -> Policy:
    """A shipped policy (``default``, ``ci``, ``lab``) or a policy file; what a file leaves out is the default's.

    Raises ``Problems`` with every fault and its line.
    """
    return parse_policy(_document(name))


def parse_policy(document: YamlDocument) -> Policy:
    """The policy a file describes. Raises ``Problems``."""
    file, value = document.file, document.value
    if not isinstance(value, dict):
        raise Problems([Problem(file, 0, "must be a mapping of fields")])
    problems: list[Problem] = []
    if value.get("schema") != SCHEMA:
        problems.append(Problem(file, document.line("schema"), f"schema must be {SCHEMA!r}"))
    if not value.get("id"):
        problems.append(Problem(file, document.line("id"), "id is missing"))
    policy, faults = override(Policy(), {key: inner for key, inner in value.items() if key != "schema"})
    problems += [Problem(file, document.line(*fault.location), fault.message) for fault in faults]
    if problems:
        raise Problems(sorted(problems, key=lambda problem: problem.line))
    return policy


def apply_overrides(policy: Policy, values: Mapping[str, object]) -> Policy:
    """``policy`` under the thresholds of a mandate (``Mandate.policy``), which its loader has checked already.

    Raises ``Problems`` for a mandate that was not loaded from a file.
    """
    changed, faults = override(policy, values)
    if faults:
        raise Problems(Problem("the mandate's policy", 0, fault.message) for fault in faults)
    return changed


def policy_digest(policy: Policy) -> str:
    """SHA-256 in hex over the canonical JSON: equal for policies that decide alike, whatever their files look like."""
    return hashlib.sha256(msgspec.json.encode(in_full(policy), order="sorted")).hexdigest()


def _document(name: str) -> YamlDocument:
    if name in SHIPPED:
        octets = (files("ipv6check") / "data" / "policy" / f"{name}.yaml").read_bytes()
        return parse_yaml(octets, file=f"{name}.yaml (shipped)")
    path = Path(name)
    if not path.is_file() and path.suffix not in (".yaml", ".yml"):
        shipped = ", ".join(SHIPPED)
        raise Problems([Problem(name, 0, f"is neither a shipped policy ({shipped}) nor a file")])
    return read_yaml(path)
