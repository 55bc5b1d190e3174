"""Mask words nobody wants to read, and silence who goes on with it.

Settings: `words` (a list), `mask` ("***"), `warnings` (3) within `window_s` (60) before a pause of
`pause_s` (30) seconds.
"""

from __future__ import annotations

import re

from pyao import BaseModule, Event, EventPriority, EventTypes, ModuleServer, payloads


class ChatFilter(BaseModule):
    """Reads everything before it is heard."""

    def __init__(self, server: ModuleServer) -> None:
        super().__init__(server)
        self.module_info.description = "Masks unwanted words in chat."
        self.offences: dict[int, list[float]] = {}
        self.silent_until: dict[int, float] = {}
        self.on(EventTypes.BEFORE_CHAT, self.read, EventPriority.HIGH)
        self.every(60, self.forgive)

    def read(self, event: Event[payloads.BeforeChat]) -> None:
        """Mask the words, or veto what a silenced player says."""
        said, now = event.data, self.server.now()
        if now < self.silent_until.get(said.user_id, 0.0):
            event.veto("You have been asked to mind your words.")
            return
        words = [re.escape(str(word)) for word in self.config.get("words", [])]
        if not words:
            return
        pattern = rf"\b(?:{'|'.join(words)})\b"
        mask = str(self.config.get("mask", "***"))
        said.text, found = re.subn(pattern, lambda _match: mask, said.text, flags=re.IGNORECASE)
        if found:
            self.warn(said.user_id, now)

    def warn(self, user_id: int, now: float) -> None:
        """Count an offence; the last of too many begins a pause."""
        window_s = float(self.config.get("window_s", 60))
        recent = [when for when in self.offences.get(user_id, []) if when > now - window_s]
        self.offences[user_id] = [*recent, now]
        if len(recent) + 1 >= int(self.config.get("warnings", 3)):
            self.silent_until[user_id] = now + float(self.config.get("pause_s", 30))
            self.logger.info("player_silenced", user_id=user_id)

    def forgive(self) -> None:
        """Forget old offences and pauses that are over."""
        now = self.server.now()
        window_s = float(self.config.get("window_s", 60))
        self.offences = {who: at for who, at in self.offences.items() if at[-1] > now - window_s}
        self.silent_until = {who: end for who, end in self.silent_until.items() if end > now}
