"""Earlier runs, one JSON file each, to compare with."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "history"


def latest(machine: str, folder: Path = FOLDER, *, before: Path | None = None) -> dict[str, Any]:
    """Return the results of the last run on such a machine, or nothing.

    With `before`, only of runs recorded before that one.
    """
    for path in sorted(folder.glob("*.json"), reverse=True):
        if before is not None and path.name >= before.name:
            continue
        run: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if run["machine"] == machine:
            results: dict[str, Any] = run["results"]
            return results
    return {}


def save(run: dict[str, Any], folder: Path = FOLDER) -> Path:
    """Write a run under its time and machine."""
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^a-z0-9]+", "-", run["machine"].lower())[:40].strip("-")
    path = folder / f"{datetime.now(tz=UTC):%Y-%m-%dT%H%M}-{name}.json"
    path.write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    return path


def revision() -> str:
    """Return which version of the source is measured, if git knows."""
    done = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=FOLDER.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
