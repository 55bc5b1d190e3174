"""Gold for the first log-in of each day, more of it for each day in a row.

Settings: `gold` (100), `per_day` (50) for each further day in a row, `most` (500). The day and the
gold are stored in the same cut: neither a crash nor a restart gives it twice.
"""

from __future__ import annotations

from pyao import BaseModule, Client, Event, EventTypes, ModuleServer, payloads

DAY_S = 86_400


class DailyReward(BaseModule):
    """Remembers who was here on which day."""

    def __init__(self, server: ModuleServer) -> None:
        super().__init__(server)
        self.module_info.description = "Gold for coming back every day."
        self.on(EventTypes.SESSION_STARTED, self.entered)
        self.every(300, self.look_around)

    def entered(self, event: Event[payloads.SessionStarted]) -> None:
        """Reward whoever enters."""
        client = self.server.clients.get(event.data.client_id)
        if client is not None:
            self.reward(client)

    def look_around(self) -> None:
        """Reward those who are still here when a new day begins."""
        for client in list(self.server.clients.values()):
            if client.user_id:
                self.reward(client)

    def reward(self, client: Client) -> None:
        """Give the gold once a day."""
        today = int(self.server.now() // DAY_S)
        key = str(client.user_id)
        last = self.server.saved_data.get(key)
        if int(last.get("day", "-1")) >= today:
            return
        in_a_row = int(last.get("in_a_row", "0")) + 1 if last.get("day") == str(today - 1) else 1
        gold = int(self.config.get("gold", 100))
        gold += int(self.config.get("per_day", 50)) * (in_a_row - 1)
        gold = min(gold, int(self.config.get("most", 500)))
        self.server.saved_data.put(key, {"day": str(today), "in_a_row": str(in_a_row)})
        client.give_gold(gold, "daily reward")
        client.tell(f"Day {in_a_row} in a row: you receive {gold} gold coins.")
