"""How much somebody works or hides at a stretch, which staff can ask for.

Each job counts one up, each step one down. Steps are counted elsewhere already, so they are set off
when the count is looked at and a walk costs nothing more. Follows ao-libre/ao-server, Trabajo.bas
and MODULO_UsUaRiOs.bas (Counters.Trabajando, Counters.Ocultando).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Stretch:
    """A count that steps take down; `steps` is always the number of steps walked in all."""

    _count: int = 0
    _at: int = 0  # how many steps had been walked when it was counted last

    def add(self, steps: int) -> None:
        """Count one more."""
        self._count, self._at = self.left(steps) + 1, steps

    def left(self, steps: int) -> int:
        """Return what is left of the count, never less than nothing."""
        return max(0, self._count - (steps - self._at))
