"""Which methods of a room its members may call, and the check of what they pass.

A method is reachable only when marked with `@remote`; its annotations are its validation.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar, get_type_hints

import msgspec

from pyao.errors import RoomError
from pyao.rooms.refusals import RoomRefusal

F = TypeVar("F", bound=Callable[..., object])

MAX_ARGUMENTS: Final = 32
_MARK: Final = "pyao_remote"
_CALLER: Final = "caller"


def remote(method: F) -> F:
    """Let members call the method by its name; a parameter `caller` receives who calls."""
    vars(method)[_MARK] = True
    return method


@dataclass(frozen=True, slots=True)
class RemoteMethod:
    """A marked method: its parameters' types by name, and whether it wants to know the caller."""

    name: str
    signature: inspect.Signature
    types: Mapping[str, Any]
    wants_caller: bool

    def bind(self, args: Sequence[object] | Mapping[str, object], caller: object) -> dict[str, Any]:
        """Return the checked arguments by name; RoomError INVALID_ARGUMENT names the wrong one."""
        if len(args) > MAX_ARGUMENTS:
            raise self._invalid(f"takes at most {MAX_ARGUMENTS} arguments")
        try:
            if isinstance(args, Mapping):
                bound = self.signature.bind(**args)
            else:
                bound = self.signature.bind(*args)
        except TypeError as error:
            raise self._invalid(str(error)) from None
        checked = {name: self._check(name, value) for name, value in bound.arguments.items()}
        if self.wants_caller:
            checked[_CALLER] = caller
        return checked

    def _check(self, name: str, value: object) -> object:
        kind = self.types.get(name)
        if kind is None:
            return value
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            raise self._invalid(f"argument {name}: {error}") from None

    def _invalid(self, problem: str) -> RoomError:
        return RoomError(RoomRefusal.INVALID_ARGUMENT, f"{self.name}: {problem}")


def remote_methods(room_class: type) -> dict[str, RemoteMethod]:
    """Return what members may call on rooms of the class; an unmarked override hides a method."""
    found: dict[str, RemoteMethod] = {}
    for name in dir(room_class):
        method = getattr(room_class, name, None)
        if inspect.isfunction(method) and _MARK in vars(method) and not name.startswith("_"):
            found[name] = _described(name, method)
    return found


def _described(name: str, method: Callable[..., object]) -> RemoteMethod:
    whole = inspect.signature(method)
    parameters = list(whole.parameters.values())[1:]
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(
                f"remote method {name}: name every argument instead of *{parameter.name}"
            )
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise TypeError(f"remote method {name}: {parameter.name} must not be positional-only")
    wanted = [each for each in parameters if each.name != _CALLER]
    # A type hint of the caller may name what this module cannot resolve; it is not checked.
    hints = {each.name: each.annotation for each in wanted if each.annotation is not each.empty}
    if any(isinstance(hint, str) for hint in hints.values()):
        resolved = get_type_hints(method)
        hints = {key: resolved[key] for key in hints}
    return RemoteMethod(
        name,
        inspect.Signature(wanted),
        hints,
        wants_caller=len(wanted) != len(parameters),
    )
