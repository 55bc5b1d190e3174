"""Double experience at the weekend, announced when it begins and when it ends.

Settings: `factor` (2), `days` (0 is Monday; [5, 6]), `hours_from_utc` (0) for the local time.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from pyao import BaseModule, Caller, Event, EventTypes, ModuleServer, Plain, payloads

MOST = 100


class DoubleExperience(BaseModule):
    """Multiplies what players learn on certain days."""

    def __init__(self, server: ModuleServer) -> None:
        super().__init__(server)
        self.module_info.description = "More experience at the weekend."
        self.running = False
        self.on(EventTypes.BEFORE_EXPERIENCE, self.multiply)
        self.command("experience", self.show)
        self.every(60, self.look_at_the_calendar)

    async def enable(self) -> bool:
        """Begin at once when the day is right."""
        self.look_at_the_calendar()
        return True

    async def on_config(self, config: Mapping[str, Any]) -> bool:
        """Accept a factor that makes sense."""
        factor = config.get("factor", 2)
        return isinstance(factor, int | float) and 1 <= factor <= MOST

    def export_state(self) -> Plain:
        """Keep in mind whether it was announced."""
        return self.running

    def import_state(self, state: Plain) -> None:
        """Know whether it was announced."""
        self.running = bool(state)

    def look_at_the_calendar(self) -> None:
        """Begin or end, and say so."""
        hours = float(self.config.get("hours_from_utc", 0))
        weekday = time.gmtime(self.server.now() + hours * 3600).tm_wday
        today = weekday in self.config.get("days", [5, 6])
        if today != self.running:
            self.running = today
            word = "begins" if today else "is over"
            self.server.broadcast_message(f"Experience times {self.factor:g} {word}!")

    @property
    def factor(self) -> float:
        """By how much experience is multiplied."""
        return float(self.config.get("factor", 2))

    def multiply(self, event: Event[payloads.BeforeExperience]) -> None:
        """Change the amount before it is given."""
        if self.running:
            event.data.amount = int(event.data.amount * self.factor)

    def show(self, _caller: Caller, _arguments: str) -> str:
        """Tell whether experience is multiplied today."""
        return f"Experience times {self.factor if self.running else 1:g} today."
