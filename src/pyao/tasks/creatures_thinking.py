"""When creatures think, and how what they decide is carried out.

Only maps with players (and for a while after) are awake; on all others nothing is spent. A round of
thought is spread over the ticks of its period and stops for this tick when its time is used up: in
a crowd creatures think less often, and nobody waits for them. Decisions are in `rules/npcs.py`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from pyao.content.world_data import tile_index, tile_place
from pyao.game import Game
from pyao.rules.creature import Creature
from pyao.rules.instincts import (
    RANDOM_STEP,
    Action,
    CastSpell,
    Hit,
    Refuse,
    Sight,
    Step,
    Turn,
)
from pyao.rules.kinds import Heading, Movement
from pyao.rules.npcs import think
from pyao.rules.person import Person
from pyao.tasks import creatures_fighting as fighting
from pyao.tasks.creatures import may_stand
from pyao.tasks.creatures_serving import tend
from pyao.world import MapRoom, Player
from pyao.world.clock import TICK_MS
from pyao.world.npc import Npc

THINK_MS = 380
ATTACK_MS = 1600  # all creatures get back their attack together
AWAKE_MS = 10_000  # that a map stays awake when the last player has left
THINKING = "creatures think"
POSTS_MS = 15 * 60_000
BUDGET_S = 0.005  # of a tick of 50 ms
_STILL = int(Movement.STILL)  # a plain number: it is asked for thousands at a time
STROLLERS = frozenset({Movement.RANDOM, Movement.HOSTILE, Movement.PATH_FINDING})


class Minds:
    """The thinking of all creatures; `tick` is called by the schedule.

    `stopwatch` tells seconds of real time, to keep the budget.
    """

    def __init__(self, game: Game, stopwatch: Callable[[], float] = time.perf_counter) -> None:
        self._game = game
        self._stopwatch = stopwatch
        self._awake: dict[MapRoom, int] = {}  # until when
        self._queue: list[Npc] = []
        self._next = 0
        self._began = game.world.clock.now() - THINK_MS

    @property
    def awake(self) -> int:
        """How many creatures think."""
        return len(self._queue)

    @property
    def maps_awake(self) -> int:
        """On how many maps."""
        return len(self._awake)

    def tick(self) -> None:
        """Let those think whose turn has come, as long as there is time."""
        until = self._stopwatch() + BUDGET_S
        now = self._game.world.clock.now()
        if self._next >= len(self._queue) and now - self._began >= THINK_MS:
            self._begin(now)
        # The last tick of a period takes all that are left.
        share = min(now - self._began + TICK_MS, THINK_MS)
        upto = -(-len(self._queue) * share // THINK_MS)
        while self._next < upto:
            npc = self._queue[self._next]
            self._next += 1
            if not npc.gone:
                live(self._game, npc, now)
                if self._stopwatch() > until:
                    return

    def _begin(self, now: int) -> None:
        """Begin a round: see who is awake, and what their masters want of pets."""
        late = now - self._began - THINK_MS
        self._began = now - late if late < THINK_MS else now
        for player in list(self._game.world.players.values()):
            if player.pets or player.waiting or player.pet_1 or player.owned is not None:
                tend(self._game, player)
        self._queue = [
            npc
            for room in self._wake(now)
            for npc in room.npcs()
            if npc.movement != _STILL or npc.held
        ]
        self._next = 0

    def _wake(self, now: int) -> list[MapRoom]:
        """Return the maps that are awake."""
        maps = self._game.world.maps.values()
        self._awake.update({room: now + AWAKE_MS for room in maps if room.population})
        for room in [room for room, until in self._awake.items() if until <= now]:
            del self._awake[room]
        return list(self._awake)


def live(game: Game, npc: Npc, now: int) -> None:
    """Let a creature think once, and do what it decides."""
    room = game.world.maps[npc.map]
    people = room.viewers(npc.zone)
    if not people and npc.movement in STROLLERS and not npc.held:
        stroll(game, npc)
        return
    if npc.period != now // ATTACK_MS:
        npc.period = now // ATTACK_MS
        npc.can_attack = True
    for action in think(npc, sight_of(game, npc, people, now)):
        if npc.gone:
            return
        perform(game, npc, action)


def stroll(game: Game, npc: Npc) -> None:
    """Let a creature go about that nobody sees: all it would do anyway, at a tenth of the cost."""
    npc.restore()
    if game.roll(1, RANDOM_STEP) == 1:
        game.world.walk_npc(npc, game.roll(Heading.NORTH, Heading.WEST))


def sight_of(game: Game, npc: Npc, people: list[Player], now: int) -> Sight:
    """Return what a creature perceives that these people see."""
    room = game.world.maps[npc.map]
    occupants = room.occupants

    def user_at(x: int, y: int) -> Person | None:
        who = occupants.get(tile_index(x, y))
        return who if isinstance(who, Player) else None

    def creature_at(x: int, y: int) -> Creature | None:
        who = occupants.get(tile_index(x, y))
        return who if isinstance(who, Npc) else None

    return Sight(
        people=people,
        user_at=user_at,
        creature_at=creature_at,
        may_step=partial(game.world.npc_may_step, room, npc),
        now=now,
        roll=game.roll,
        no_magic=room.data.no_magic,
        beasts=lambda: room.npcs_in(room.seen_from(npc.zone)),
        spell=game.world.data.spells.get,
    )


def perform(game: Game, npc: Npc, action: Action) -> None:
    """Do what a creature has decided, as far as it is still possible."""
    match action:
        case Step(heading):
            if not game.world.walk_npc(npc, heading):
                npc.path.clear()
        case Turn(heading):
            game.world.turn_npc(npc, heading)
        case Hit(target):
            hit(game, npc, target)
        case CastSpell(spell, target):
            cast(game, npc, spell, target)
        case Refuse(Player() as master):
            game.tell(master, "pet.refused")


def hit(game: Game, npc: Npc, target: Person | Creature) -> None:
    """Let a creature hit whoever it has chosen."""
    if isinstance(target, Player):
        fighting.strike_player(game, npc, target)
    elif isinstance(target, Npc) and not target.gone:
        fighting.strike_npc(game, npc, target)


def cast(game: Game, npc: Npc, spell: int, target: Person | Creature) -> None:
    """Let a creature cast at whoever it has chosen."""
    if isinstance(target, Player):
        fighting.cast_at_player(game, npc, spell, target)
    elif isinstance(target, Npc) and not target.gone:
        fighting.cast_at_npc(game, npc, spell, target)


def back_to_posts(game: Game) -> None:
    """Put guards whom somebody has lured away back where the map wants them."""
    for room in game.world.maps.values():
        for npc in list(room.npcs()):
            x, y = tile_place(npc.home)
            away = npc.guard and npc.kind.fixed_place and npc.returns and (npc.x, npc.y) != (x, y)
            if away and may_stand(game, room, npc, x, y):
                game.world.jump_npc(npc, room, x, y)


def schedule_minds(game: Game, stopwatch: Callable[[], float] = time.perf_counter) -> Minds:
    """Let creatures think from now on."""
    minds = Minds(game, stopwatch)
    game.world.schedule.every(TICK_MS, minds.tick, name=THINKING)
    game.world.schedule.every(POSTS_MS, partial(back_to_posts, game), name="guards to their posts")
    return minds
