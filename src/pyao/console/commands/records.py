"""Commands that look back: the log and the events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pyao.console.answer import Answer, table
from pyao.console.command import Arg, Level, Limit, command
from pyao.console.desk import Call

MAX_CHARS = 200

EventType = Annotated[str, Arg("events", pattern=r".*\D.*")]


@command("logs")
def logs(call: Call, level: Level = "DEBUG", limit: Limit = 20) -> Answer:
    """Show the last lines of the log, of at least this level.

    What the server's own level leaves out is not there: `config set log_level DEBUG`.
    """
    found = call.desk.logs.records(level, limit)
    return table(
        ("time", "level", "event", "fields"),
        [(one.time, one.level, one.event, one.fields) for one in found],
    )


@command("events")
def events(call: Call, kind: EventType = "", limit: Limit = 20) -> Answer:
    """Show the last events, of one type or of all that begin so: `events player`."""
    history = call.game.events.get_event_history(limit=1_000)
    found = [one for one in history if one.event_type.startswith(kind)][-limit:]
    return table(
        ("time", "type", "source", "data"),
        [(moment(one.timestamp), one.event_type, one.source, described(one.data)) for one in found],
    )


def moment(unix: float) -> str:
    """Return a time as the log writes it."""
    return datetime.fromtimestamp(unix, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def described(data: object) -> str:
    """Return the payload of an event in one line."""
    pairs = data.items() if hasattr(data, "items") else [("data", data)]
    return " ".join(f"{name}={value}" for name, value in pairs)[:MAX_CHARS]
