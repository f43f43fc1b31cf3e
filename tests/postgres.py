"""A PostgreSQL server of the tests' own: a temporary cluster on a Unix socket, gone when the tests are."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ADMIN = "ipv6check"


def find_binaries() -> Path | None:
    """The directory that holds ``initdb`` and ``pg_ctl``: on the path, or where Debian keeps versions apart."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return versions[-1].parent if versions else None


class Cluster:
    """One running server. ``initdb`` refuses root, so as root it belongs to ``postgres`` or ``nobody``."""

    def __init__(self, binaries: Path, directory: Path) -> None:
        self._binaries = binaries
        self._data = directory / "data"
        self.directory = directory
        self._owner = _unprivileged_user() if os.geteuid() == 0 else None
        self._databases = 0
        if self._owner:
            shutil.chown(directory, self._owner)

    def _run(self, program: str, *arguments: str) -> str:
        # Output goes to a file: a daemon that inherits a pipe would keep it open after pg_ctl has gone.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                [self._binaries / program, *arguments],
                stdout=output,
                stderr=output,
                user=self._owner,
                extra_groups=[] if self._owner else None,
                cwd=self.directory,
                env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "/usr/bin:/bin")},
                check=False,
            )
            output.seek(0)
            text = output.read().decode(errors="replace")
        if done.returncode:
            raise RuntimeError(f"{program} {' '.join(arguments)} failed: {text}")
        return text

    def create(self) -> None:
        """Make the cluster's files; nobody but this machine's users can reach it, so nobody needs a password."""
        self._run("initdb", "-A", "trust", "-U", ADMIN, "-E", "UTF8", "--no-sync", "-D", str(self._data))

    def start(self) -> None:
        """Start and wait until it answers."""
        # fsync guards against power cuts only; what the tests do to the server is killing its processes.
        options = f"-c listen_addresses='' -c unix_socket_directories='{self.directory}' -c fsync=off"
        self._run("pg_ctl", "-w", "-D", str(self._data), "-l", str(self.directory / "log"), "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop; ``immediate`` is the same as a crash."""
        self._run("pg_ctl", "-w", "-m", mode, "-D", str(self._data), "stop")

    def new_database(self) -> str:
        """An empty database's URL."""
        self._databases += 1
        name = f"test_{self._databases}"
        self._run("createdb", "-h", str(self.directory), "-U", ADMIN, name)
        return f"postgresql://{ADMIN}@/{name}?host={self.directory}"


@contextmanager
def temporary_cluster(binaries: Path) -> Iterator[Cluster]:
    """A running cluster in a directory of its own; a socket's path must stay under 108 octets."""
    directory = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    directory.chmod(0o755)
    cluster = Cluster(binaries, directory)
    try:
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop("immediate")
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _unprivileged_user() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise RuntimeError("no unprivileged user to run PostgreSQL as")
