"""What the console answers: lines, a table, or an error; as text for people or JSON for scripts.

Everything shown may hold what a player wrote, so signs that would steer a terminal are spelt out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Cell = str | int | float | bool | None
Row = tuple[Cell, ...]

GAP = "  "


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one line. With an `error` nothing was done."""

    lines: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether what was asked for was done."""
        return not self.error

    def as_dict(self) -> dict[str, object]:
        """Return the answer for scripts: each row is a table by column name."""
        return {
            "ok": self.ok,
            "lines": list(self.lines),
            "rows": [dict(zip(self.columns, row, strict=True)) for row in self.rows],
            "error": self.error,
        }

    def text(self) -> list[str]:
        """Return the answer as lines fit for a terminal."""
        shown = [printable(line) for line in self.lines]
        if self.columns:
            shown += self._table()
        return shown + [printable(line) for line in self.error.splitlines()]

    def _table(self) -> list[str]:
        cells = [self.columns, *([printable(written(cell)) for cell in row] for row in self.rows)]
        widths = [max(len(line[at]) for line in cells) for at in range(len(self.columns))]
        return [
            GAP.join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in cells
        ]


def said(*lines: str) -> Answer:
    """Answer with lines."""
    return Answer(lines=lines)


def table(columns: Sequence[str], rows: Iterable[Row], *lines: str) -> Answer:
    """Answer with a table, below lines."""
    return Answer(lines=lines, columns=tuple(columns), rows=tuple(rows))


def refused(error: str) -> Answer:
    """Answer that it was not done, and why."""
    return Answer(error=error)


def facts(about: Iterable[tuple[str, Cell]]) -> Answer:
    """Answer with a table of names and values."""
    return table(("what", "value"), about)


def written(cell: Cell) -> str:
    """Return a cell as an operator reads it."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float():
            return f"{cell:.6g}"
        case _:
            return str(cell)


def printable(text: str) -> str:
    """Return text with every sign that is not visible spelt out, so that none steers a terminal."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
