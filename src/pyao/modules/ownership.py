"""The list of what one loaded module has registered, each with the way to undo it.

A registration takes effect only while the list is open: closing removes everything, opening puts it
back. So unloading is complete, and newer code takes over between two tasks, by closing one list
and opening another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pyao.errors import ModuleError, PyaoError

Undo = Callable[[], object]


@dataclass(slots=True, eq=False)
class Registration:
    """One thing a module wants: `install` does it and returns what undoes it."""

    what: str
    install: Callable[[], Undo]
    key: tuple[object, ...] = ()
    undo: Undo | None = None


@dataclass(slots=True)
class Ownership:
    """Registrations in the order they were asked for; in effect while `is_open`."""

    module: str
    is_open: bool = False
    opened: bool = False  # at least once
    registrations: list[Registration] = field(default_factory=list)
    _lasting: int = 0

    def add(self, what: str, install: Callable[[], Undo], *key: object) -> None:
        """Register something, at once if the list is open, else when it is opened.

        With a `key` it takes the place of what was registered under the same key.
        """
        if key:
            self.drop(*key)
        registration = Registration(what, install, key)
        if self.is_open:
            registration.undo = install()
        self.registrations.append(registration)

    def drop(self, *key: object) -> int:
        """Undo and forget what was registered under a key, or a key that begins so."""
        gone = [each for each in self.registrations if each.key[: len(key)] == key]
        for registration in gone:
            self._undo(registration)
            self.registrations.remove(registration)
        return len(gone)

    def open(self) -> None:
        """Put everything into effect; ModuleError undoes what was done and says what failed."""
        for registration in self.registrations:
            try:
                registration.undo = registration.install()
            except (PyaoError, TypeError, ValueError) as error:
                self.close()
                raise ModuleError(f"{registration.what}: {error}") from error
        self.is_open = self.opened = True

    def close(self) -> None:
        """Undo everything, last first; `open` can do it again."""
        for registration in reversed(self.registrations):
            self._undo(registration)
        self.is_open = False

    def keep(self) -> None:
        """Remember what is registered by now as lasting: the rest belongs to being enabled."""
        self._lasting = len(self.registrations)

    def forget(self) -> None:
        """Drop what was registered since `keep`; being enabled again will ask for it again."""
        for registration in self.registrations[self._lasting :]:
            self._undo(registration)
        del self.registrations[self._lasting :]

    def _undo(self, registration: Registration) -> None:
        undo, registration.undo = registration.undo, None
        if undo is not None:
            undo()
