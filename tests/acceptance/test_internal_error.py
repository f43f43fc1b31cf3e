"""A fault of the program: one sentence, the trace in a file, exit code 4."""

import subprocess
import sys
from pathlib import Path

BROKEN = """
import sys
from ipv6check.cli import main
from ipv6check.cli.exits import guarded

@main.commands.command("broken")
def broken() -> None:
    raise ZeroDivisionError("secret")

sys.argv = ["ipv6check", "broken"]
guarded(main.app)
"""


def test_a_fault_of_the_program_is_told_in_one_sentence(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", BROKEN],
        cwd=tmp_path,
        env={"TMPDIR": str(tmp_path), "PYTHONPATH": ":".join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 4
    (line,) = done.stderr.splitlines()
    (trace,) = tmp_path.glob("ipv6check-trace-*.txt")
    assert str(trace) in line
    assert "secret" not in line
    assert "ZeroDivisionError" in trace.read_text()
