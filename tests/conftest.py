"""In CI a tier that did not run is a failure: skipping is for machines that cannot, not for the one that must."""

import os
from collections import Counter

import pytest

TIERS = ("unit", "loopback", "lab", "store", "acceptance", "guards", "browser")

_ran: Counter[str] = Counter()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and not report.skipped:
        _ran[report.nodeid.split("/")[1]] += 1
        if "postgres" in report.keywords:
            _ran["postgres"] += 1


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if hasattr(session.config, "workerinput"):
        return  # one of several processes that share the tests: only the one that sees them all can tell
    if not os.environ.get("CI") or exitstatus or session.config.option.file_or_dir or session.config.option.keyword:
        return
    silent = [tier for tier in (*TIERS, "postgres") if not _ran[tier]]
    if silent:
        reporter = session.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(f"\nno test of these tiers ran: {', '.join(silent)}", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
