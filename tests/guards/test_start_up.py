"""``--help`` loads nothing heavy, so that it answers at once."""

import subprocess
import sys

HEAVY = ("scapy", "sqlalchemy", "httpx", "dns", "pydantic", "rich", "alembic", "cryptography", "yaml", "msgspec")


NOT_FOR_A_CHECK = ("sqlalchemy", "alembic", "aiosqlite", "scapy", "rich", "publicsuffixlist", "junitparser", "jinja2")
NOT_PROVEN = 3
HASTY = """\
schema: ipv6check.policy/1
id: hasty
timeouts: {dns_udp: [0.05], dns_tcp: 0.05}
retries: {servfail: [], local: [], second_look_s: null}
"""


def imported_by(*arguments: str, code: int = 0) -> set[str]:
    command = [sys.executable, "-X", "importtime", "-m", "ipv6check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == code, done.stderr[-2000:]
    return {line.rsplit("|", 1)[-1].strip().partition(".")[0] for line in done.stderr.splitlines()}


def test_help_imports_nothing_heavy():
    assert imported_by("--help").isdisjoint(HEAVY)


def test_help_of_a_command_imports_nothing_heavy():
    assert imported_by("scan", "--help").isdisjoint(HEAVY)


def test_help_of_the_check_imports_nothing_heavy():
    assert imported_by("check", "--help").isdisjoint(HEAVY)


def test_a_check_loads_what_it_needs_and_nothing_else(tmp_path):
    """The port discard of this machine stands for a resolver that is not there."""
    policy = tmp_path / "hasty.yaml"
    policy.write_text(HASTY, encoding="utf-8")
    told = ("--dns-only", "--resolver", "[::1]:9", "--policy", str(policy))
    loaded = imported_by("check", "a.example.vn", *told, code=NOT_PROVEN)
    assert loaded.isdisjoint(NOT_FOR_A_CHECK)
    assert "httptools" in loaded


def test_the_version_is_told_before_typer_is_loaded():
    assert imported_by("--version").isdisjoint({*HEAVY, "typer"})


NOT_FOR_A_SCAN = (
    "sqlalchemy.orm",
    "charset_normalizer",
    "cryptography",
    "scapy",
    "rich",
    "alembic",
    "jinja2",
    "aioquic",
)


def test_a_scan_loads_no_mapper_and_the_whole_package_can_be_had_later():
    script = (
        "import sys, ipv6check.wiring.scans.scanning as _; from ipv6check.store.leansql import AsyncEngine;"
        f"print(*(name for name in {NOT_FOR_A_SCAN!r} if name in sys.modules));"
        "import sqlalchemy.ext.asyncio as whole; print(whole.AsyncEngine is AsyncEngine, bool(whole.AsyncSession))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["", "True True"]
