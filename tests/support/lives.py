"""Players that play at random and write down what they did, to be compared with the store.

Each writes a state into its record before it sends what leads to it, so the record is a superset
of what the server can have stored, with the time at which each state ended.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.support.byte_client import DELTAS, DICE_ROLL, ERROR_MSG, ByteClient, text

STEP_S = 0.267
QUIT = b"\x47"
LETTERS = "abcdefghijklmnopqrstuvwxyz"
NEAR_TILES = 12  # as far as a newcomer may be moved aside when its place is taken

Connect = Callable[[], Awaitable[ByteClient]]
Walkable = Callable[[int, int, int], bool]


def word(number: int) -> str:
    """Write a number in letters: names and descriptions hold nothing else."""
    digits = ""
    while number or not digits:
        number, digit = divmod(number, len(LETTERS))
        digits = LETTERS[digit] + digits
    return digits


@dataclass(frozen=True)
class State:
    """What is compared: where somebody stands and how they describe themselves."""

    map: int
    x: int
    y: int
    description: str = ""

    def near(self, other: State) -> bool:
        """Tell whether somebody who enters there may have been put here."""
        steps = abs(self.x - other.x) + abs(self.y - other.y)
        return (self.map, self.description) == (other.map, other.description) and (
            steps <= NEAR_TILES
        )


@dataclass
class Life:
    """One character and everything its player knows of it."""

    name: str
    asked_for: bool = False  # its creation was sent
    created: bool = False  # ... and answered
    entering: bool = False  # its place may be changed without the player knowing yet
    states: list[tuple[float, State]] = field(default_factory=list)

    def note(self, client: ByteClient, description: str | None = None) -> None:
        """Write down where the character is now, and what it says of itself from now on."""
        before = self.states[-1][1].description if self.states else ""
        new = State(client.map, client.x, client.y, before if description is None else description)
        if not self.states or self.states[-1][1] != new:
            self.states.append((time.monotonic(), new))

    def age_of(self, stored: State, now: float) -> float | None:
        """Return for how long a stored state had been over at a moment; None for one never seen."""
        ended = now
        for since, state in reversed(self.states):
            if state == stored or (self.entering and stored.near(state)):
                return max(0.0, now - ended)
            ended = since
        # It was created at home and moved aside, for somebody stood there.
        since, first = self.states[0]
        return now - since if stored.near(first) else None


class Player:
    """Plays one life after another until it is stopped or the server dies."""

    def __init__(self, number: int, connect: Connect, walkable: Walkable, seed: int) -> None:
        self.number = number
        self.lives: list[Life] = []
        self.inside = asyncio.Event()
        self.server_died = False
        self._connect = connect
        self._walkable = walkable
        self._roll = random.Random(seed)
        self._client: ByteClient | None = None
        self._said = 0

    @property
    def tag(self) -> str:
        """How the names of all lives of this player begin."""
        return f"Vida {word(self.number)} ".title()

    @property
    def life(self) -> Life:
        return self.lives[-1]

    async def play(self) -> None:
        """Play until cancelled; a server that dies ends it, anything else amiss is raised."""
        try:
            while True:
                await self._one_session()
        except (AssertionError, OSError, TimeoutError):
            if not self.server_died:
                raise

    async def end(self) -> None:
        """Take in what still arrived, and hang up."""
        client = self._client
        if client is not None:
            await client.until_closed()
            if client.index in client.figures:
                self.life.note(client)
            await client.close()

    async def _one_session(self) -> None:
        client = self._client = await self._connect()
        if not self.lives or (self.life.created and self._roll.random() < 0.1):
            self.lives.append(Life(f"{self.tag}{word(len(self.lives))}".title()))
        life = self.life
        life.entering = True
        if life.created:
            await client.enter(life.name)
        else:
            client = await self._create(client)
        life.note(client)
        life.entering = False
        self.inside.set()
        for _ in range(self._roll.randrange(4, 40)):
            await self._act(client)
        life.note(client)
        if self._roll.random() < 0.5:
            client.send(QUIT)
            await client.until_closed()
        else:
            await client.reset()

    async def _create(self, client: ByteClient) -> ByteClient:
        """Create the character, or enter with it if an earlier try was stored all the same.

        Returns the client that is in the game: the refused one was hung up on.
        """
        life = self.life
        client.throw_dices()
        await client.get(DICE_ROLL)
        if life.asked_for:
            client.create(life.name)
            answer = await client.until(lambda seen: seen.id in (ERROR_MSG, 0))
            if answer.id == ERROR_MSG:
                await client.close()
                client = self._client = await self._connect()
                client.log_in(life.name)
                await client.get(0)
        else:
            life.asked_for = True
            client.create(life.name)
            await client.get(0)
        life.created = True
        await client.settle()
        return client

    async def _act(self, client: ByteClient) -> None:
        life = self.life
        life.note(client)
        chance = self._roll.random()
        if chance < 0.1:
            client.talk(f"Hola {self._roll.random()}")
        elif chance < 0.2:
            await client.settle()
            self._said += 1
            words = f"soy {word(self.number)} y van {word(self._said)}"
            life.note(client, words)
            client.send(b"\x68" + text(words))
        else:
            self._step(client)
        await asyncio.sleep(STEP_S)

    def _step(self, client: ByteClient) -> None:
        taken = {(one.x, one.y) for one in client.figures.values()}
        for heading in self._roll.sample([*DELTAS], len(DELTAS)):
            dx, dy = DELTAS[heading]
            there = (client.x + dx, client.y + dy)
            if there not in taken and self._walkable(client.map, *there):
                client.walk(heading)
                self.life.note(client)
                return
