"""The lab's inner half: started inside fresh namespaces, brings everything up, holds it until stdin ends.

Prints one JSON line when all answers. Whoever started it may die in any way: the pipe closes, and all this ends.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.lab.network import Network
from tests.lab.plan import RESOLVER4, RESOLVER6
from tests.lab.servers import Servers
from tests.lab.world import SEED, World

FORWARDER = Path(__file__).with_name("forwarder.c")


def main() -> int:
    """Bring the lab up and hold it."""
    options = _options()
    directory: Path = options.directory
    began = time.monotonic()
    world = World(options.names, population=options.population, corners=options.corners, seed=options.seed)
    world.write_inventory(directory / "inventory.csv")
    world.write_truth(directory / "truth.jsonl")
    network = Network(directory)
    servers = None
    try:
        network.start(forwarder=_forwarder(options, directory))
        _resolv_conf(directory)
        servers = Servers(
            world,
            directory,
            servers_pid=network.servers_pid,
            core=options.servers_core,
            access_log=options.access_log,
        )
        servers.start()
        pids = {name: process.pid for name, process in servers.processes.items()}
        if network.forwarder_pid is not None:
            pids["forwarder"] = network.forwarder_pid
        ready = {
            "pid": os.getpid(),
            "servers_pid": network.servers_pid,
            "pids": pids,
            "seconds": round(time.monotonic() - began, 2),
        }
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        if servers is not None:
            servers.stop()
        network.stop()
    return 0


def _forwarder(options: argparse.Namespace, directory: Path) -> list[str] | None:
    """Compile the forwarder and give its command line, or None where a veth pair will do."""
    if options.delay is None:
        return None
    program = directory / "forwarder"
    subprocess.run(["gcc", "-O2", "-o", program, FORWARDER], check=True)
    pin = ["taskset", "-c", str(options.servers_core)] if options.servers_core is not None else []
    return [*pin, str(program), str(options.delay), str(options.loss), str(options.seed)]


def _resolv_conf(directory: Path) -> None:
    """Let everything in this mount namespace use the lab's resolver without being told."""
    path = directory / "resolv.conf"
    path.write_text(f"nameserver {RESOLVER6}\nnameserver {RESOLVER4}\n", encoding="ascii")
    subprocess.run(["mount", "--bind", path, os.path.realpath("/etc/resolv.conf")], check=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.lab.inside")
    parser.add_argument("--names", type=int, required=True)
    parser.add_argument("--population", required=True)
    parser.add_argument("--corners", type=int, default=0)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--delay", type=float, default=None)
    parser.add_argument("--loss", type=float, default=0.0)
    parser.add_argument("--directory", type=Path, required=True)
    parser.add_argument("--servers-core", type=int, default=None)
    parser.add_argument("--access-log", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
