"""Commands about the poll that players vote in with /encuesta."""

from __future__ import annotations

from typing import Annotated

from pyao.console.answer import Answer, refused, said, table
from pyao.console.command import Arg, Rest, command
from pyao.console.desk import Call
from pyao.protocol.enums import Font
from pyao.rules.poll import OPTION_MAX_CHARS, OPTIONS_MAX, TEXT_MAX_CHARS, Poll

LevelNeeded = Annotated[int, Arg(low=1, high=255)]


@command("poll")
def poll(call: Call) -> Answer:
    """Show the running poll and how the votes fall."""
    current = call.game.polls.current
    return refused("no poll runs; `poll open` begins one") if current is None else counted(current)


@command("poll open")
def poll_open(call: Call, min_level: LevelNeeded, question: Rest) -> Answer:
    """Ask the players something: TEXT | OPTION | OPTION..., for those of a level or above."""
    text, *options = (part.strip() for part in question.split("|"))
    if not text or not 1 < len(options) <= OPTIONS_MAX or not all(options):
        return refused(f"expected TEXT | OPTION | OPTION..., with 2 to {OPTIONS_MAX} options")
    if len(text) > TEXT_MAX_CHARS or max(map(len, options)) > OPTION_MAX_CHARS:
        return refused(
            f"a text has {TEXT_MAX_CHARS} characters at most, an option {OPTION_MAX_CHARS}"
        )
    game = call.game
    if game.polls.current is not None:
        return refused("a poll runs already; `poll close` ends it")
    opened = game.polls.open(text, tuple(options), min_level)
    call.record(f"poll {opened.number}")
    game.tell_all(game.world.players.values(), "poll.opened", Font.GUILD)
    return said(f"poll {opened.number} is open")


@command("poll close")
def poll_close(call: Call) -> Answer:
    """End the poll, and show how it came out."""
    ended = call.game.polls.close()
    if ended is None:
        return refused("no poll runs")
    call.record(f"poll {ended.number}")
    return counted(ended)


def counted(one: Poll) -> Answer:
    """Return the options of a poll with their votes."""
    return table(
        ("option", "votes", "text"),
        [(number, one.count(number), text) for number, text in enumerate(one.options, 1)],
        f"poll {one.number}, level {one.min_level} and above: {one.text}",
    )
