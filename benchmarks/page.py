"""The measured part of docs/capacity.md, written from a record of `benchmarks/history/`.

`python -m benchmarks --page` writes it after a run, `python -m benchmarks.page` from the newest
record there is.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from benchmarks import runs
from benchmarks.growth import curves
from benchmarks.table import lines, markdown

PAGE: Final = Path(__file__).parent.parent / "docs" / "capacity.md"
BEGIN: Final = "<!-- measured: written by python -m benchmarks.page -->"
GROWTH: Final = 'The same run as curves, to plan with ("-": no figure, for the reason above):'
END: Final = "<!-- end of what was measured -->"


def measured(run: dict[str, Any], before: dict[str, Any]) -> str:
    """Return the text about one run."""
    shares = ", ".join(f"{echo['cpu_us']:.2f} us" for echo in run["echo"])
    about = (
        f"Run of {run['date'][:10]}, revision {run['revision']}, on {run['machine']}, "
        f"{run['seconds']:.0f} s per measurement.\nE = {run['echo_us']:.2f} us (the echo before, "
        f'between and after: {shares}). "Before" is the earlier\nrun on the same kind of machine, '
        "where there is one."
    )
    shown = markdown(lines(run["results"], before, run["echo_us"], anyway=False))
    grown = curves(run["results"])
    parts = (BEGIN, about, shown, *((GROWTH, grown) if grown else ()), END)
    return "\n\n".join(parts)


def put(text: str, page: Path = PAGE, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Write the text, marks included, in the place of what stands between them."""
    old = page.read_text(encoding="utf-8")
    begin, end = map(re.escape, marks)
    new, found = re.subn(f"{begin}.*?{end}", lambda _: text, old, flags=re.DOTALL)
    if not found:
        raise ValueError(f"{page} has no {marks[0]}")
    page.write_text(new, encoding="utf-8")


def main() -> None:
    """Write the newest record into the page."""
    path = max(runs.FOLDER.glob("*.json"))
    run = json.loads(path.read_text(encoding="utf-8"))
    put(measured(run, runs.latest(run["machine"], before=path)))
    print(f"{PAGE} now shows {path.name}")


if __name__ == "__main__":
    main()
