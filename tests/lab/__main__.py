"""Bring the lab up and run a command, or a shell, in the client's namespace.

python -m tests.lab --names 1000 --population mix --delay 40 --loss 0.25 -- dig +short AAAA gov.vn NS
"""

import argparse
import os
import signal
import subprocess
import sys

from tests.lab.lab import LabUnavailable, Options, running
from tests.lab.world import POPULATIONS, SEED


def main() -> int:
    """Parse, run, and give the command's exit code (5: this system cannot run the lab)."""
    options, command = _parse()
    try:
        with running(options) as lab:
            env = lab.environment() | {"LAB": str(lab.directory), "LAB_SCAN": " ".join(lab.scan_options())}
            sys.stderr.write(f"lab: up in {lab.seconds} s; $LAB is {lab.directory}, $LAB_SCAN the options of a scan\n")
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            shell = [os.environ.get("SHELL", "/bin/sh")]
            return subprocess.run(lab.command(command or shell), env=env, check=False).returncode
    except LabUnavailable as why:
        sys.stderr.write(f"lab: {why}\n")
        return 5


def _parse() -> tuple[Options, list[str]]:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.add_argument("--names", type=int, default=600)
    parser.add_argument("--population", choices=POPULATIONS, default="mix")
    parser.add_argument("--corners", type=int, default=0, help="names of each class that the mix does not hold")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--delay", type=float, help="ms each way, through the forwarder; without it: a veth pair")
    parser.add_argument("--loss", type=float, default=0.0, help="percent each way; needs --delay")
    parser.add_argument("--access-log", action="store_true", help="let nginx log to $LAB/access.log")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    given = vars(parser.parse_args())
    command = given.pop("command")
    if given["loss"] and given["delay"] is None:
        parser.error("--loss needs --delay (0 will do)")
    return Options(**given), command[1:] if command[:1] == ["--"] else command


if __name__ == "__main__":
    sys.exit(main())
