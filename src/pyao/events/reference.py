"""The list of events in docs/modules.md, rendered from the payloads so that it cannot fall behind.

`python -m pyao.events.reference docs/modules.md` writes it there; a test compares the two.
"""

from __future__ import annotations

import inspect
import sys
from itertools import groupby
from pathlib import Path
from typing import Final

from pyao.events.event_types import EventTypes, Payload
from pyao.events.payloads import PAYLOADS

MARK: Final = "<!-- Below: python -m pyao.events.reference docs/modules.md -->\n"

_HEAD: Final = """
## All events

- `event.data` is the payload: `event.data.name` and `event.data["name"]` are the same.
- **veto**: emitted before the thing happens. A plain callback may call `event.veto("reason")`, and
  may change the fields the sentence names. A coroutine would come too late and is not accepted.
- **live**: emitted only while somebody listens, and never kept in the history. All others are among
  the last 1,000 of `get_event_history()`, heard or not.
- Callbacks start in the order CRITICAL, HIGH, NORMAL, LOW. Plain ones run at once; a coroutine
  starts at the next pass of the loop, and so does what ranks below it.
"""


def render() -> str:
    """Return the section."""
    parts = [_HEAD]
    for group, kinds in groupby(EventTypes, key=lambda kind: kind.value.partition(":")[0]):
        parts.append(f"### {group}\n")
        parts.append("| `EventTypes` | value | data | |\n| --- | --- | --- | --- |")
        parts.extend(_row(kind, PAYLOADS[kind]) for kind in kinds)
        parts.append("")
    return "\n".join(parts)


def rewrite(page: Path) -> None:
    """Put the section in place of what follows the mark in a page."""
    text = page.read_text(encoding="utf-8")
    page.write_text(text.partition(MARK)[0] + MARK + render(), encoding="utf-8")


def _row(kind: EventTypes, payload: type[Payload]) -> str:
    names = {
        name: text
        for name, text in payload.__annotations__.items()
        if name not in Payload.__annotations__
    }
    fields = ", ".join(f"{name}: {text}" for name, text in names.items())
    mark = "**veto** " if payload.vetoable else "" if payload.recorded else "**live** "
    words = " ".join((inspect.getdoc(payload) or "").split())
    return f"| `{kind.name}` | `{kind.value}` | `{payload.__name__}({fields})` | {mark}{words} |"


if __name__ == "__main__":
    rewrite(Path(sys.argv[1]))
