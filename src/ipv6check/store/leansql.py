"""SQLAlchemy's asyncio engine without its object-relational mapper: 7 MB and 60 ms of start-up that no scan needs.

The package's own ``__init__`` loads the mapper for its sessions. So the engine's module is imported below a stand-in
for the package, which is gone afterwards: whoever imports the package later gets it whole, with the same classes.
"""

import sys
from importlib.machinery import PathFinder
from types import ModuleType

import sqlalchemy.ext

_PACKAGE = "sqlalchemy.ext.asyncio"

_put = _PACKAGE not in sys.modules
if _put:
    _found = PathFinder.find_spec(_PACKAGE, sqlalchemy.ext.__path__)
    _stand_in = ModuleType(_PACKAGE)
    _stand_in.__path__ = list((_found.submodule_search_locations if _found else None) or ())
    sys.modules[_PACKAGE] = _stand_in
try:
    from sqlalchemy.ext.asyncio.engine import AsyncConnection, AsyncEngine, create_async_engine
finally:
    if _put:
        del sys.modules[_PACKAGE]

__all__ = ["AsyncConnection", "AsyncEngine", "create_async_engine"]
