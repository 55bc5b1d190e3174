"""Where modules are found, and how a file's code is imported afresh.

A module is a file `name.py` or a folder `name/` with `__init__.py` in the modules folder, an entry
point of an installed package, or a class that ships with the server. Source is always compiled
anew: an edit within the second of the last one is seen, and no byte code is left behind.
"""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final, Protocol

from pyao.errors import ModuleError
from pyao.modules.base import BaseModule

ENTRY_POINTS: Final = "pyao.modules"
_PREFIX: Final = "pyao_module_"
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class Code:
    """The imported code of a module: its class, the names beside it, the package it lives in."""

    module_class: type[BaseModule]
    names: Mapping[str, Any]
    package: str

    def discard(self) -> None:
        """Forget what `fetch` put into the interpreter's table of modules."""
        if self.package.startswith(_PREFIX):
            _forget(self.package)


class Source(Protocol):
    """Where the code of one module comes from."""

    @property
    def name(self) -> str:
        """Return the module's name."""

    @property
    def where(self) -> str:
        """Return the place, for people."""

    def fetch(self, generation: int) -> Code:
        """Import the code; ModuleError says what is wrong with its shape."""


class _FreshLoader(SourceFileLoader):
    """Compiles the source each time; byte code is compared by seconds and would be stale."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return self.source_to_code(self.get_data(path), path)


class _FreshFinder(MetaPathFinder):
    """Finds what a folder imports of itself, with the loader above."""

    def __init__(self, package: str) -> None:
        self._inside = f"{package}."

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        if not fullname.startswith(self._inside):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _FreshLoader(fullname, spec.loader.path)
        return spec


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file, or a folder with an `__init__.py`."""

    name: str
    path: Path

    @property
    def where(self) -> str:
        """Return the path of the file."""
        return str(self.path)

    def fetch(self, generation: int) -> Code:
        """Import the file under a name of its own, so that older code stays whole beside it."""
        package = f"{_PREFIX}{self.name}_{generation}"
        folders = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        spec = importlib.util.spec_from_file_location(
            package,
            self.path,
            loader=_FreshLoader(package, str(self.path)),
            submodule_search_locations=folders,
        )
        if spec is None or spec.loader is None:
            raise ModuleError(f"{self.path} cannot be imported")
        module = importlib.util.module_from_spec(spec)
        sys.modules[package] = module
        finder = _FreshFinder(package)
        sys.meta_path.insert(0, finder)
        try:
            spec.loader.exec_module(module)
            return Code(_module_class(module, self.where), dict(vars(module)), package)
        except BaseException:
            _forget(package)
            raise
        finally:
            sys.meta_path.remove(finder)


@dataclass(frozen=True, slots=True)
class EntrySource:
    """An entry point of an installed package; reloading it takes a restart of the server."""

    entry: EntryPoint

    @property
    def name(self) -> str:
        """Return the name the package gave it."""
        return self.entry.name

    @property
    def where(self) -> str:
        """Return the object reference of the entry point."""
        return f"entry point {self.entry.value}"

    def fetch(self, generation: int) -> Code:
        """Import the package, once."""
        del generation
        found = self.entry.load()
        if isinstance(found, ModuleType):
            found = _module_class(found, self.where)
        return _code(found, self.where)


@dataclass(frozen=True, slots=True)
class BuiltinSource:
    """A module that ships with the server."""

    name: str
    module_class: type[BaseModule]

    @property
    def where(self) -> str:
        """Return where the class is defined."""
        return f"built in, {self.module_class.__module__}"

    def fetch(self, generation: int) -> Code:
        """Return the class."""
        del generation
        return _code(self.module_class, self.where)


def is_module_name(name: str) -> bool:
    """Tell whether a module may have a name; those with a leading `_` are the server's own."""
    return _NAME.fullmatch(name) is not None


def files_in(folder: Path) -> Iterator[FileSource]:
    """Go through the modules of a folder by name; names with a leading `_` are left out."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        inside = path / "__init__.py"
        if path.suffix == ".py" and path.is_file() and is_module_name(path.stem):
            yield FileSource(path.stem, path)
        elif inside.is_file() and is_module_name(path.name):
            yield FileSource(path.name, inside)


def installed() -> Iterator[EntrySource]:
    """Go through the modules of installed packages."""
    for entry in entry_points(group=ENTRY_POINTS):
        if is_module_name(entry.name):
            yield EntrySource(entry)


def _forget(package: str) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == package]:
        del sys.modules[name]


def _code(found: object, where: str) -> Code:
    if not (isinstance(found, type) and issubclass(found, BaseModule)):
        raise ModuleError(f"{where}: expected a subclass of BaseModule, came {found!r:.80}")
    names = vars(sys.modules[found.__module__])
    return Code(found, names, found.__module__.partition(".")[0])


def _module_class(module: ModuleType, where: str) -> type[BaseModule]:
    found = [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, BaseModule)
        and value.__module__.partition(".")[0] == module.__name__.partition(".")[0]
        and not value.__name__.startswith("_")
    ]
    if len(set(found)) != 1:
        names = ", ".join(sorted(each.__name__ for each in found)) or "none"
        raise ModuleError(f"{where}: expected one subclass of BaseModule, found {names}")
    return found[0]
