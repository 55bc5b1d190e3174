"""What an import found: one finding per anomaly, with file, line and key, in bounded number.

A finding never stops an import; what does is a `ContentError`. Nothing here prints.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import Enum

MAX_FINDINGS = 5_000
MAX_TEXT_CHARS = 300


class FindingKind(Enum):
    """What sort of anomaly; the value is its name in the written report."""

    DUPLICATE = "duplicate"  # a section or key given twice, the first one counts
    COUNT = "count"  # a count that disagrees with what is there
    VALUE = "value"  # a value that cannot be, replaced by the nearest or by none
    REFERENCE = "reference"  # names something that does not exist; dropped
    LOOK = "look"  # graphic, body, effect... that the client lacks; replaced
    FILE = "file"  # a file missing or with a name twice
    MAP = "map"  # something odd about a map
    SENSE = "sense"  # legal, but hardly meant


@dataclass(frozen=True, slots=True)
class Finding:
    """One anomaly; `line` 0 and empty `key` mean the file as a whole."""

    kind: FindingKind
    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.message}" if self.key else f"{place}: {self.message}"


@dataclass(slots=True)
class Report:
    """The findings of one import; beyond `MAX_FINDINGS` they are only counted."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[FindingKind] = field(default_factory=Counter)

    def add(
        self, kind: FindingKind, message: str, *, file: str, line: int = 0, key: str = ""
    ) -> None:
        """Remember one anomaly; long texts from the file are cut."""
        self.counts[kind] += 1
        if len(self.findings) < MAX_FINDINGS:
            message = message if len(message) <= MAX_TEXT_CHARS else message[:MAX_TEXT_CHARS] + "…"
            self.findings.append(Finding(kind, file, line, key[:MAX_TEXT_CHARS], message))

    @property
    def total(self) -> int:
        """How many anomalies there were, kept or not."""
        return self.counts.total()
