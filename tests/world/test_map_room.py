"""What a map shows reaches each viewer in the order in which it was shown, however it is sent."""

from __future__ import annotations

import gc
import random
import weakref

import pytest
from tests.support.world import Recorder, make_player, make_world

from pyao.channel import AtOnce, Flushable
from pyao.protocol import msg
from pyao.world import Player, World

MEMBERS = 6
PLACES = ((1, 50, 50), (1, 52, 51), (1, 80, 80), (2, 50, 50), (2, 11, 50), (1, 91, 50))


class Later(AtOnce):
    """Writes what is shown only when the test says so."""

    def __init__(self) -> None:
        self.waiting: list[Flushable] = []

    def later(self, waiting: Flushable) -> None:
        self.waiting.append(waiting)

    def flush(self, some: int | None = None) -> None:
        due, self.waiting = self.waiting[:some], self.waiting[len(self.waiting[:some]) :]
        for one in due:
            one.flush()


class Play:
    """A world in which players do things at random; the same seed does the same things."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.dice = random.Random(seed)
        world.roll = random.Random(seed).randint
        self.players: dict[int, Player] = {}
        self.seen: list[Recorder] = []

    def come(self, number: int) -> None:
        on, x, y = self.dice.choice(PLACES)
        player, seen = make_player(self.world, f"Member{number}", x, y, number=number, on=on)
        self.players[number] = player
        self.seen.append(seen)

    def go(self, number: int) -> None:
        """Lose the connection, and be away at once or a little later."""
        player = self.players[number]
        self.world.hang_up(player)
        if self.dice.random() < 0.7:
            self.world.remove(self.players.pop(number))

    def act(self) -> None:
        number = self.dice.randrange(1, MEMBERS + 1)
        player = self.players.get(number)
        if player is None:
            self.come(number)
            return
        do = self.dice.choice("wwwwwwwwwwwwttvlsdpx")
        if do == "w":
            self.world.walk(player, self.dice.randrange(1, 5))
        elif do == "t":
            self.world.warp(player, *self.dice.choice(PLACES), flash=True)
        elif do == "v":
            player.invisible = not player.invisible
            self.world.refresh_veil(player)
        elif do == "l":
            self.world.turn_to(player, self.dice.randrange(1, 5), but=player)
        elif do == "s":
            self.world.sound_of(player, self.dice.randrange(1, 100))
        elif do == "d":
            player.hp = 0 if player.hp else player.max_hp
        elif do == "p":
            player.outlet.append(msg.pos_update(player.x, player.y))
        else:
            self.go(number)


@pytest.mark.parametrize("seed", range(6))
def test_who_is_written_to_later_is_shown_the_same_in_the_same_order(seed: int) -> None:
    later = Later()
    at_once, collected = Play(make_world(), seed), Play(make_world(post=later), seed)
    dice = random.Random(seed)
    for _ in range(400):
        at_once.act()
        collected.act()
        if dice.random() < 0.05:
            later.flush(dice.choice((1, 2, None)))
    while later.waiting:
        later.flush()
    assert len(at_once.seen) == len(collected.seen)
    for one, other in zip(at_once.seen, collected.seen, strict=True):
        assert one.data
        assert b"".join(one.data) == b"".join(other.data)


def test_nobody_is_remembered_by_a_map_once_its_connection_is_gone() -> None:
    later = Later()
    play = Play(make_world(post=later), 1)
    for _ in range(300):
        play.act()
    for player in play.players.values():
        play.world.hang_up(player)
    later.flush()
    assert not later.waiting
    listeners = [weakref.ref(seen) for seen in play.seen]
    play.seen.clear()
    gc.collect()
    assert not any(listener() for listener in listeners)


def test_what_tells_of_one_who_has_gone_is_shown_to_nobody() -> None:
    world = make_world()
    gone, _ = make_player(world)
    _, corner_sees = make_player(world, "Bob", 91, 92, number=2)
    world.remove(gone)
    corner_sees.packets()
    world.sound_of(gone, 1)
    world.maps[1].show(msg.remove_char_dialog(1), gone.zone)
    assert world.maps[1].viewers(gone.zone) == []
    assert corner_sees.packets() == []
