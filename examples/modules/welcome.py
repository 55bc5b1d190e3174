"""Greet everybody who enters, and tell newcomers apart from old friends.

Settings (`config/modules/welcome.yaml`): `text` and `text_back`, where `{name}` is the character's
name; `announce` (true or false) tells the others.
"""

from __future__ import annotations

from pyao import BaseModule, Event, EventTypes, ModuleServer, payloads


class Welcome(BaseModule):
    """Says hello at the door."""

    def __init__(self, server: ModuleServer) -> None:
        super().__init__(server)
        self.module_info.description = "Greets everybody who enters the world."
        self.on(EventTypes.SESSION_STARTED, self.greet)

    def greet(self, event: Event[payloads.SessionStarted]) -> None:
        """Send the greeting, and remember whom it was sent to."""
        client = self.server.clients.get(event.data.client_id)
        if client is None:
            return
        key = str(event.data.user_id)
        known = self.server.saved_data.get(key)
        first = str(self.config.get("text", "Welcome to these lands, {name}!"))
        again = str(self.config.get("text_back", "Good to see you again, {name}."))
        client.tell((again if known else first).replace("{name}", client.name))
        visits = int(known.get("visits", "0")) + 1
        self.server.saved_data.put(key, {"visits": str(visits)})
        if self.config.get("announce", False):
            self.server.broadcast_message(f"{client.name} enters the world.")
