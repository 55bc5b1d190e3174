"""A console command is one decorated function: its signature is the usage, its docstring the help.

The table of all commands is filled when `pyao.console.commands` is imported. Reading the arguments
of a line is here; what commands do is not.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, TypeVar, get_args, get_type_hints

from pyao.console.answer import Answer
from pyao.console.words import Word, quoted, rest_of

Function = Callable[..., Answer | Awaitable[Answer]]
F = TypeVar("F", bound=Function)
Values = dict[str, str | int]

MASK: Final = "***"
_SHOWN_CHOICES: Final = 3


@dataclass(frozen=True, slots=True)
class Arg:
    """How one argument is read and completed.

    `kind` names what is offered for completion (players, modules, ...). `words` are the only ones
    accepted, in any case; else a `pattern` may say what is. A `rest` takes the line to its end. A
    `secret` is never written anywhere.
    """

    kind: str = ""
    pattern: str = ""
    words: tuple[str, ...] = ()
    low: int = 0
    high: int = 2**31 - 1
    rest: bool = False
    secret: bool = False


Text = Annotated[str, Arg()]
Rest = Annotated[str, Arg(rest=True)]
Secret = Annotated[str, Arg(secret=True)]
PlayerName = Annotated[str, Arg("players")]
AccountName = Annotated[str, Arg("players")]
ModuleName = Annotated[str, Arg("modules")]
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
Level = Annotated[str, Arg(words=LEVELS)]
Limit = Annotated[int, Arg(low=1, high=1_000)]
Minutes = Annotated[int, Arg(low=1, high=52_560_000)]  # up to a century


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a command: its name in the function, and how it is read."""

    name: str
    arg: Arg
    number: bool
    required: bool

    @property
    def label(self) -> str:
        """How the usage line names the argument."""
        if 0 < len(self.arg.words) <= _SHOWN_CHOICES:
            return "|".join(self.arg.words)
        return self.name.upper() + ("..." if self.arg.rest else "")

    @property
    def expected(self) -> str:
        """What is accepted, in words."""
        if self.number:
            return f"{self.label}, a whole number from {self.arg.low} to {self.arg.high}"
        if len(self.arg.words) > _SHOWN_CHOICES:
            return f"{self.label}, one of {', '.join(self.arg.words)}"
        return self.label

    def read(self, word: Word) -> str | int | None:
        """Return the value of a word, or None when it cannot be this argument."""
        if self.number:
            text = word.text
            fits = text.isascii() and text.isdigit() and len(text) < 19  # noqa: PLR2004 - 64 bits
            return int(text) if fits and self.arg.low <= int(text) <= self.arg.high else None
        if not self.arg.words:
            pattern = self.arg.pattern
            return word.text if not pattern or re.fullmatch(pattern, word.text) else None
        known = {each.casefold(): each for each in self.arg.words}
        return known.get(word.text.casefold())

    def means(self, word: Word) -> bool:
        """Tell whether a word that cannot be read was still meant as this argument."""
        return self.number and (word.text[:1].isdigit() or word.text[:1] in {"-", "+"})


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `paths` are the words it is called by; an `act` changes something."""

    paths: tuple[tuple[str, ...], ...]
    function: Function
    parameters: tuple[Parameter, ...]
    help: str
    act: bool

    @property
    def name(self) -> str:
        """The words it is called by."""
        return " ".join(self.paths[0])

    @property
    def usage(self) -> str:
        """The line that shows how it is called."""
        shown = (e.label if e.required else f"[{e.label}]" for e in self.parameters)
        return " ".join([self.name, *shown])

    @property
    def summary(self) -> str:
        """The first line of its help."""
        return self.help.partition("\n")[0]

    def bind(self, line: str, words: Sequence[Word]) -> Values | str:
        """Return the arguments that the words after the command's name give, or what is wrong.

        An optional argument that a word cannot be is left out, if a later one may take the word.
        """
        values: Values = {}
        queue = list(words)
        passed: list[str] = []
        for number, each in enumerate(self.parameters):
            if not queue:
                if each.required:
                    return f"{each.label} is missing"
            elif each.arg.rest:
                values[each.name] = rest_of(line, queue)
                queue = []
            elif (value := each.read(queue[0])) is not None:
                values[each.name] = value
                del queue[0]
            else:
                passed.append(each.expected)
                last = number + 1 == len(self.parameters)
                if each.required or last or each.means(queue[0]):
                    return f"expected {' or '.join(passed)}; got {queue[0].text!r}"
        if queue:
            return f"{queue[0].text!r} is one word too many"
        return values

    def shown(self, values: Values) -> str:
        """Return the arguments as they may be written down: without secrets."""
        return " ".join(
            MASK if each.arg.secret else quoted(str(values[each.name]))
            for each in self.parameters
            if each.name in values
        )

    @property
    def has_secret(self) -> bool:
        """Whether a line with this command must not be kept."""
        return any(each.arg.secret for each in self.parameters)


@dataclass(slots=True)
class CommandTable:
    """Commands by the words they are called by."""

    by_path: dict[tuple[str, ...], Command] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Command]:
        return iter(dict.fromkeys(self.by_path[path] for path in sorted(self.by_path)))

    def enter(self, command: Command) -> None:
        """Add a command under all its names."""
        for path in command.paths:
            if path in self.by_path:
                raise ValueError(f"console command {' '.join(path)} is defined twice")
            self.by_path[path] = command

    def find(self, words: Sequence[Word]) -> tuple[Command, int] | None:
        """Return the command that these words call, and how many of them are its name."""
        plain = tuple(word.text.casefold() for word in words[:2] if not word.quoted)
        for length in range(len(plain), 0, -1):
            command = self.by_path.get(plain[:length])
            if command is not None:
                return command, length
        return None

    def family(self, first: str) -> list[Command]:
        """Return the commands whose name begins with this word."""
        return [each for each in self if each.paths[0][0] == first.casefold()]

    def names(self) -> list[str]:
        """Return the first words of all commands."""
        return sorted({path[0] for path in self.by_path})

    def below(self, first: str) -> list[str]:
        """Return the words that may follow a first word to name a command."""
        return sorted({path[1] for path in self.by_path if path[1:] and path[0] == first})


COMMANDS: Final = CommandTable()


def command(*names: str, act: bool = False) -> Callable[[F], F]:
    """Enter a function as the console command of these names; the first is the proper one.

    Its first parameter is the `Call`, the others are the arguments, annotated with the aliases of
    this module. An `act` is written into the audit.
    """

    def enter(function: F) -> F:
        paths = tuple(tuple(name.split()) for name in names)
        help_text = inspect.getdoc(function) or ""
        COMMANDS.enter(Command(paths, function, tuple(_parameters(function)), help_text, act))
        return function

    return enter


def _parameters(function: Function) -> Iterator[Parameter]:
    hints = get_type_hints(function, include_extras=True)
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        hint: Any = hints[name]
        kind, *notes = get_args(hint)
        required = parameter.default is inspect.Parameter.empty
        yield Parameter(name, notes[0], number=kind is int, required=required)
