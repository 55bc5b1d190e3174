"""The console itself: one line in, one `Answer` out, whatever door the line came through.

A command that fails with a bug costs its own answer only. An act is written into the audit in the
same cut as its effect.
"""

from __future__ import annotations

import asyncio
import difflib
import inspect
from typing import Final

from pyao.console.answer import Answer, refused
from pyao.console.command import Command, Parameter, Values
from pyao.console.commands import COMMANDS
from pyao.console.desk import Call, Desk
from pyao.console.words import Word, clean, quoted, split
from pyao.errors import PyaoError

OWNER: Final = "console"  # the name under which failures of commands are counted
MAX_OFFERED: Final = 200


class Console:
    """Answers lines. One for all doors; nothing is kept between two lines."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def run(self, line: str, operator: str) -> Answer:
        """Do what a line says; `operator` is who the audit names. Refusals are answers too."""
        line = clean(line)
        words = split(line)
        if not words:
            return Answer()
        found = COMMANDS.find(words)
        if found is None:
            return unknown(words)
        command, length = found
        if any(word.open for word in words):
            return misused(command, 'a quote (") is not closed')
        values = command.bind(line, words[length:])
        if isinstance(values, str):
            return misused(command, values)
        call = Call(self.desk, operator, command, command.shown(values))
        return await self._contained(call, values)

    async def _contained(self, call: Call, values: Values) -> Answer:
        """Run a command as a task of its own: it is not cut short when its door closes."""
        bulkhead = self.desk.game.events.bulkhead
        name = call.command.name
        task = bulkhead.spawn(OWNER, name, perform(call, values), endless=True)
        if isinstance(task, asyncio.Future):
            answer = await asyncio.shield(task)
            if isinstance(answer, Answer):
                return answer
        return refused(f"{name} failed; `logs error` says why")

    def complete(self, text: str) -> list[str]:
        """Return what the last, unfinished word of a text may become."""
        words = split(text)
        if not words or (text[-1:].isspace() and not words[-1].open):
            words.append(Word("", len(text), len(text)))
        *before, last = words
        start = last.text.casefold()
        fitting = {each for each in self._offered(before) if each.casefold().startswith(start)}
        return [quoted(each) for each in sorted(fitting)[:MAX_OFFERED]]

    def _offered(self, before: list[Word]) -> list[str]:
        if not before:
            return COMMANDS.names()
        offered = COMMANDS.below(before[0].text.casefold()) if len(before) == 1 else []
        found = COMMANDS.find(before)
        if found is not None:
            command, length = found
            for each in next_parameters(command, len(before) - length):
                offered += [word.lower() for word in each.arg.words]
                offered += self.desk.offers(each.arg.kind)
        return offered


async def perform(call: Call, values: Values) -> Answer:
    """Run a command to its end, and see that an act is in the audit."""
    try:
        answer = call.command.function(call, **values)
        if inspect.isawaitable(answer):
            answer = await answer
    except PyaoError as error:
        return refused(str(error))
    if call.command.act and answer.ok and not call.recorded:
        call.record()
    if call.recorded and call.game.changes.unsaved:
        call.game.changes.snapshot()
    return answer


def next_parameters(command: Command, given: int) -> list[Parameter]:
    """Return the arguments the next word may be: up to the first that may not be left out."""
    left = list(command.parameters[given:])
    required = next((at for at, each in enumerate(left) if each.required), len(left))
    return left[: required + 1]


def misused(command: Command, problem: str) -> Answer:
    """Say what is wrong with the words after a command, and how it is called."""
    family = COMMANDS.family(command.paths[0][0])
    usage = [each.usage for each in family] if len(command.paths[0]) == 1 else [command.usage]
    return refused("\n".join([f"{command.name}: {problem}", *(f"usage: {one}" for one in usage)]))


def unknown(words: list[Word]) -> Answer:
    """Say that there is no such command, and which may have been meant."""
    first = words[0].text
    close = difflib.get_close_matches(first.casefold(), COMMANDS.names(), n=1)
    hint = f"did you mean {close[0]}?" if close else "`help` lists all commands"
    return refused(f"no command {first[:40]!r}; {hint}")


def keeps_secret(line: str) -> bool:
    """Tell whether a line may hold a secret, so that no history keeps it."""
    found = COMMANDS.find(split(line))
    return found is not None and found[0].has_secret
