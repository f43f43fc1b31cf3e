"""Build hook: compiles the message catalogues, for wheels and editable installs alike."""

import importlib.util
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CatalogueHook(BuildHookInterface):
    """Runs the package's own compiler, loaded by its path because the package is not installed yet."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the .mo files beside the .po files and add them to the build although git ignores them."""
        package = Path(self.root) / "src" / "ipv6check"
        spec = importlib.util.spec_from_file_location("catalogue", package / "reports" / "catalogue.py")
        assert spec is not None
        assert spec.loader is not None
        catalogue = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(catalogue)
        for path in catalogue.compile_all(package / "data" / "locale"):
            build_data["artifacts"].append(path.relative_to(self.root).as_posix())
