"""The way in: ``ipv6check`` and ``python -m ipv6check``."""

import sys


def main() -> None:
    """Run the command line; every way out has an exit code of its own (see ``ipv6check.cli.exits``)."""
    if sys.argv[1:] == ["--version"]:  # before anything heavier than this file is imported
        from ipv6check import __version__

        sys.stdout.write(f"ipv6check {__version__}\n")
        return
    from ipv6check.cli.exits import guarded
    from ipv6check.cli.main import app

    guarded(app)


if __name__ == "__main__":
    main()
