"""Chat commands of modules: what a player types after a slash.

A command belongs to the module that registered it and goes with it. The server's own commands are
reserved names: a module cannot take them over.
"""

from __future__ import annotations

import asyncio
import inspect
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final, Protocol

from pyao.errors import ModuleError
from pyao.events import Bulkhead
from pyao.rules.roles import is_permission_name

_NAME: Final = re.compile(r"[^\W_][\w-]{0,31}")


class Caller(Protocol):
    """Whoever types a command: a player, or an operator at a console."""

    @property
    def name(self) -> str:
        """Return the name to write into the audit."""

    @property
    def privileges(self) -> int:
        """Return the `Privilege` bits."""

    def may(self, permission: str, *, privileged: int = 0) -> bool:
        """Return whether the caller has a named permission; see `pyao.rules.roles.allows`."""

    def tell(self, text: str) -> None:
        """Show one line."""


CommandCallback = Callable[[Caller, str], object]


@dataclass(frozen=True, slots=True)
class ModuleCommand:
    """One command: `callback(caller, arguments)`; the text it returns is the answer.

    With a `permission` whoever has that may use it: by role, by any of the `privileges` bits where
    the server has no role for it, or by a grant to the account.
    """

    name: str
    module: str
    callback: CommandCallback
    privileges: int  # any of these bits; 0 = everybody
    help: str
    permission: str = ""

    def allows(self, caller: Caller) -> bool:
        """Return whether the caller may use the command, and see it in the help."""
        if self.permission:
            return caller.may(self.permission, privileged=self.privileges)
        return not self.privileges or bool(self.privileges & caller.privileges)


class CommandRegistry:
    """Commands by name. `reserved` are the names of the server's own."""

    def __init__(self, bulkhead: Bulkhead, reserved: Collection[str] = ()) -> None:
        self._bulkhead = bulkhead
        self._reserved = frozenset(name.lower() for name in reserved)
        self._commands: dict[str, ModuleCommand] = {}

    def register(
        self,
        module: str,
        name: str,
        callback: CommandCallback,
        *,
        privileges: int = 0,
        permission: str = "",
        description: str = "",
    ) -> ModuleCommand:
        """Enter `/name`; the help line is `description` or the callback's docstring.

        Raises ModuleError for a name that is taken or cannot be typed.
        """
        if permission and not is_permission_name(permission):
            raise ModuleError(
                f"permission {permission!r:.80}: expected words with dots, such as arena.open"
            )
        key = name.lower().removeprefix("/")
        if not _NAME.fullmatch(key):
            raise ModuleError(f"command {name!r}: expected 1 to 32 letters, digits, _ or -")
        if key in self._reserved:
            raise ModuleError(f"/{key} is a command of the server; choose another name")
        taken = self._commands.get(key)
        if taken is not None:
            raise ModuleError(f"/{key} belongs to module {taken.module}; choose another name")
        line = description or (inspect.getdoc(callback) or "").partition("\n")[0]
        command = ModuleCommand(key, module, callback, privileges, line, permission)
        self._commands[key] = command
        return command

    def unregister(self, command: ModuleCommand) -> None:
        """Remove a command, unless its name belongs to another one by now."""
        if self._commands.get(command.name) is command:
            del self._commands[command.name]

    def find(self, name: str) -> ModuleCommand | None:
        """Return the command of a name, with or without its slash, in any case."""
        return self._commands.get(name.lower().removeprefix("/"))

    def visible(self, caller: Caller) -> list[ModuleCommand]:
        """Return what the caller may use, by name."""
        return [self._commands[key] for key in sorted(self._commands) if self._allowed(key, caller)]

    def commands(self, module: str | None = None) -> list[ModuleCommand]:
        """Return every command (of one module), by name."""
        ordered = [self._commands[key] for key in sorted(self._commands)]
        return [each for each in ordered if module is None or each.module == module]

    def run(self, caller: Caller, name: str, arguments: str) -> bool:
        """Run a command and tell the caller its answer; return whether there is one to run.

        One that the caller may not use is treated as unknown. A failing one is contained.
        """
        command = self.find(name)
        if command is None or not command.allows(caller):
            return False
        what = f"/{command.name}"
        result = self._bulkhead.call(command.module, what, command.callback, caller, arguments)
        if isinstance(result, asyncio.Future):

            def answer(done: asyncio.Future[object]) -> None:
                if not done.cancelled():
                    _tell(caller, done.result())

            result.add_done_callback(answer)
        else:
            _tell(caller, result)
        return True

    def _allowed(self, key: str, caller: Caller) -> bool:
        return self._commands[key].allows(caller)


def _tell(caller: Caller, result: object) -> None:
    if isinstance(result, str):
        for line in result.splitlines():
            caller.tell(line)
