"""Programs of the system that tests run against."""

import os
import shutil

import pytest


def needs(program: str) -> str:
    """Its path. Without it the test is skipped, and fails where everything must run (CI)."""
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is not installed")
        pytest.skip(f"{program} is not installed")
    return found
