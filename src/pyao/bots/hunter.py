"""A bot that fights: it goes for the nearest creature in view and strikes when it stands before it.

A creature that keeps it waiting for too long (a wall between, a merchant nobody may hit) is left
alone for a while.
"""

from __future__ import annotations

from typing import Final

from pyao.bots.bot import Bot, Shared
from pyao.protocol.client_packets import Attack, ChangeHeading
from pyao.protocol.server_packets import (
    ChangeMap,
    CharacterCreate,
    CharacterMove,
    CharacterRemove,
    UpdateHp,
)
from pyao.rules.kinds import DELTAS, Heading

STRIKE_S: Final = 1.55  # the game lets a player strike every 1.5 s
DIRECT: Final = 0.8  # chance of a step straight towards the prey
PATIENCE_S: Final = 20.0
AVOID_S: Final = 60.0

_ATTACK: Final = Attack().encode()
_TURNS: Final = {heading: ChangeHeading(heading).encode() for heading in Heading}
_HEADINGS: Final = {delta: Heading(heading) for heading, delta in DELTAS.items()}


class Hunter(Bot):
    """Walks, and fights what it meets. A dead one walks on as a ghost."""

    def __init__(self, number: int, shared: Shared) -> None:
        super().__init__(number, shared)
        self._creatures: dict[int, tuple[int, int]] = {}  # in view, by index
        self._avoided: dict[int, float] = {}  # until when
        self._prey = 0
        self._prey_since = 0.0
        self._struck = 0.0
        self._dead = False
        self.heed(CharacterMove, self._on_move)
        self.heed(CharacterRemove, self._on_gone)
        self.heed(UpdateHp, self._on_hp)
        self.reads_moves = True

    # --- acting ------------------------------------------------------------------------------

    def act(self, now: float) -> None:
        """Strike when there is something to strike at, else come closer to it, else walk about."""
        prey = None if self._dead else self._choose_prey(now)
        if prey is None:
            self.walk(now)
            return
        _, x, y = self._tile
        dx, dy = prey[0] - x, prey[1] - y
        ahead = _HEADINGS.get((dx, dy))
        if ahead is None:
            self.walk(now, self._towards(dx, dy))
        elif now - self._struck >= STRIKE_S:
            self._struck = now
            if ahead is not self._heading:
                self._heading = ahead
                self.send(_TURNS[ahead])
            self.send(_ATTACK)
            self._meter.tally.blows += 1

    def _towards(self, dx: int, dy: int) -> Heading | None:
        """Return the heading that brings it closer, now and then another one to get round walls."""
        random = self._shared.random
        if random.random() > DIRECT:
            return None
        sideways = abs(dx) > abs(dy) or (abs(dx) == abs(dy) and random.choice((True, False)))
        if sideways:
            return Heading.EAST if dx > 0 else Heading.WEST
        return Heading.SOUTH if dy > 0 else Heading.NORTH

    def _choose_prey(self, now: float) -> tuple[int, int] | None:
        """Return where the creature is that it hunts: the one of before, or the nearest one."""
        _, x, y = self._tile
        if self._prey in self._creatures:
            if now - self._prey_since < PATIENCE_S:
                return self._creatures[self._prey]
            self._avoided[self._prey] = now + AVOID_S
        free = [index for index in self._creatures if self._avoided.get(index, 0.0) <= now]
        nearest = min(free, key=lambda index: self._distance(index, x, y), default=0)
        self._prey, self._prey_since = nearest, now
        return self._creatures.get(nearest)

    def _distance(self, index: int, x: int, y: int) -> int:
        there_x, there_y = self._creatures[index]
        return abs(there_x - x) + abs(there_y - y)

    # --- what the server says ----------------------------------------------------------------

    def _on_character(self, packet: CharacterCreate) -> None:
        super()._on_character(packet)
        if not packet.name:  # creatures and townsmen have none
            self._creatures[packet.char_index] = packet.x, packet.y

    def _on_move(self, packet: CharacterMove) -> None:
        self._meter.saw_move(packet)
        if packet.char_index in self._creatures:
            self._creatures[packet.char_index] = packet.x, packet.y

    def _on_gone(self, packet: CharacterRemove) -> None:
        self._creatures.pop(packet.char_index, None)

    def _on_map(self, packet: ChangeMap) -> None:
        super()._on_map(packet)
        self._creatures.clear()
        self._avoided.clear()

    def _on_hp(self, packet: UpdateHp) -> None:
        if packet.hp <= 0 and not self._dead:
            self._meter.tally.deaths += 1
        self._dead = packet.hp <= 0
