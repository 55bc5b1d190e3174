"""An evening of each class, in the starter world and in the imported classic one, on SQLite."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from tests.integration.conftest import Running, Start
from tests.support.classic import Classic, classic_fixture
from tests.support.evening import (
    ATTACK,
    CLICK,
    EQUIP,
    GHOST_HEAD,
    HEAL,
    MEDITATE,
    RESUCITATE,
    WORK,
    Evening,
)
from tests.support.world import ManualClock

from pyao.rules.kinds import CharClass, Direction, ObjectType, Potion, Skill

__all__ = ["classic_fixture"]

pytestmark = pytest.mark.untraced

LEVEL = 3
NOTHING_WORN = 2
CHAT, CREATE, REMOVE, LOOK, EFFECT, INVISIBLE = 23, 29, 30, 34, 44, 66


async def grow(evening: Evening) -> None:
    """Fight to level 3 and spend some of what was earned."""
    kind = evening.field.creature()
    while evening.client.bars["level"] < LEVEL:
        await evening.slay(kind)
    before = await evening.record()
    await evening.assign(Skill.SURVIVAL, 3)
    after = await evening.record()
    assert before["skills"] != after["skills"]


async def dress(evening: Evening) -> None:
    """Put the weapon away and take it again; everybody sees it."""
    slot = evening.slot_of(ObjectType.WEAPON)
    if not evening.client.bag[slot][3]:
        await evening.do(EQUIP, slot)  # a bow is put away when its last arrow is gone
    for worn in (False, True):
        evening.witness.seen.clear()
        await evening.do(EQUIP, slot)
        assert bool(evening.client.bag[slot][3]) is worn
        seen = [p.values for p in evening.shown if p.id == LOOK]
        armed = evening.game.world.data.items[int(str(evening.client.bag[slot][0]))].animation
        assert seen[-1][0] == evening.client.index
        assert seen[-1][4] == (armed if worn and armed else NOTHING_WORN)


async def get_poisoned(evening: Evening) -> None:
    """Be bitten until the poison acts, and drink what cures it."""
    await evening.give(evening.field.potion(Potion.CURE), 2)
    npc = await evening.bring(evening.field.creature(poisonous=True))
    for _ in range(200):
        if evening.player.poisoned:
            break
        await evening.drink(Potion.HEALTH)
        await evening.wait(1000)
    assert evening.player.poisoned
    evening.banish(npc)
    await evening.drink(Potion.HEALTH)
    before = evening.client.hp
    heard = len(evening.heard)
    await evening.wait(20_100)
    assert evening.client.hp < before or evening.heard[heard:]
    await evening.drink(Potion.CURE)
    assert not evening.player.poisoned


async def heal(evening: Evening) -> None:
    """Be hurt and heal: by a spell learned from a scroll where there is mana, else by potion."""
    spell = evening.field.spell(Direction.RAISE)
    if evening.client.bars["max_mana"]:
        await evening.learn(spell)
    await evening.hurt()
    before = evening.client.hp
    if evening.client.bars["max_mana"] == 0:
        await evening.drink(Potion.HEALTH)
    else:
        spent = 0
        for _ in range(20):  # a click may mean somebody who stands below, who is healed then
            spent = await evening.cast(spell)
            if evening.client.hp > before:
                break
            await evening.walk(1)
        assert spent == evening.game.world.data.spells[spell].mana
        assert any(p.id == CHAT for p in evening.shown), "the magic words"
    assert evening.client.hp > before


async def cast_at_a_creature(evening: Evening) -> None:
    """Hurt a creature by magic, where there is mana."""
    if evening.client.bars["max_mana"] == 0:
        return
    spell = evening.field.spell(Direction.LOWER)
    await evening.learn(spell)
    npc = await evening.bring(evening.field.creature())
    before = npc.hp
    for _ in range(40):
        if npc.gone or npc.hp < before:
            break
        await evening.cast(spell, npc)
    assert npc.gone or npc.hp < before, (evening.heard[-8:], evening.client.bars)
    evening.banish(npc)


async def hide(evening: Evening) -> None:
    """Vanish for the witness, and be seen again after a word."""
    evening.master(Skill.HIDE)
    for _ in range(60):
        await evening.do(WORK, Skill.HIDE)
        if evening.player.hidden:
            break
        await evening.wait(1500)
    gone = [p for p in evening.shown if p.id in (REMOVE, INVISIBLE)]
    assert gone, "the witness still sees it"
    assert evening.client.index in evening.client.figures
    heard = len(evening.heard)
    evening.client.talk("Aqui estoy")
    await evening.hear()
    assert evening.heard[heard:], "it is told that it is seen"
    assert [p for p in evening.shown if p.id in (CREATE, INVISIBLE)], evening.heard[-4:]
    assert evening.witness.named(evening.name) is not None


async def meditate(evening: Evening) -> None:
    """Get mana back in a trance that all can see, and end it by a step that is not walked."""
    client = evening.client
    if client.bars["max_mana"] == 0:
        heard = len(evening.heard)
        await evening.do(MEDITATE)
        assert client.flags == set()
        assert evening.heard[heard:]
        return
    await evening.drain()
    await evening.do(MEDITATE)
    assert client.flags == {"meditating"}
    assert any(p.id == EFFECT and p.values[0] == client.index for p in evening.shown)
    await evening.wait(2_000)
    assert client.bars["mana"] == 0, "it takes a while to begin"
    for _ in range(30):
        if client.bars["mana"]:
            break
        await evening.wait(2_000)
    assert client.bars["mana"] > 0
    place = (client.x, client.y)
    if "meditating" in client.flags:  # else the mana is full again
        client.send(bytes((6, 3)))
        await evening.hear()
    assert client.flags == set()
    assert (client.x, client.y) == place


async def die(evening: Evening) -> None:
    """Be killed by a creature, and walk as a ghost that cannot fight."""
    await evening.go_hunting()
    npc = await evening.bring(evening.field.creature(deadly=True))
    for _ in range(200):
        if evening.client.hp == 0:
            break
        await evening.wait(1600)
    client = evening.client
    assert client.hp == 0
    evening.banish(npc)
    seen = evening.witness.named(evening.name)
    assert seen is not None
    assert seen.head == client.figures[client.index].head == GHOST_HEAD
    heard = len(evening.heard)
    await evening.do(ATTACK)
    assert evening.heard[heard:]
    assert await evening.walk(3) == 3
    assert (evening.player.x, evening.player.y) == (client.x, client.y)


async def be_resurrected(evening: Evening) -> None:
    """Ask a priest for life, and then for health."""
    number, x, y = evening.field.priest()
    await evening.go(number, x, y + 2)
    await evening.do(CLICK, x, y)
    await evening.do(RESUCITATE)
    client = evening.client
    assert client.hp > 0, evening.heard[-3:]
    assert client.figures[client.index].head != GHOST_HEAD
    await evening.do(HEAL)
    assert client.hp == client.bars["max_hp"]


Restart = Callable[[], Awaitable[Running]]


async def play(evening: Evening, char_class: CharClass, restart: Restart | None = None) -> None:
    """Play the whole evening of one class."""
    await evening.begin(char_class.name.title(), char_class)
    assert evening.client.bars["level"] == 1
    await grow(evening)
    await dress(evening)
    await get_poisoned(evening)
    await cast_at_a_creature(evening)
    await evening.go(*evening.field.priest())  # in a town, where nothing bites
    await heal(evening)
    await hide(evening)
    await meditate(evening)
    await die(evening)
    await be_resurrected(evening)
    before = await evening.record()
    await evening.leave()
    if restart is not None:
        evening.move_to(await restart())
    await evening.come_back()
    assert await evening.record() == before
    assert evening.game.world.schedule.failures == 0
    assert evening.running.app.server.stats.handler_errors == 0


@pytest.mark.parametrize("char_class", [*CharClass], ids=lambda one: one.name.lower())
async def test_an_evening_in_the_starter_world(start: Start, char_class: CharClass) -> None:
    clock = ManualClock()

    async def begin() -> Running:
        return await start(clock=clock, world="starter", packet_rate=0, idle_minutes=0)

    running = await begin()

    async def restart() -> Running:
        for client in running.clients:
            await client.close()
        await running.app.stop()
        return await begin()

    evening = Evening(running, clock, seed=int(char_class))
    await play(evening, char_class, restart)


@pytest.mark.slow
async def test_twelve_evenings_in_the_classic_world(start: Start, classic: Classic) -> None:
    """Creatures give three times as much: every class has earned its levels in full before."""
    clock = ManualClock()
    running = await start(
        clock=clock, world=str(classic.file), packet_rate=0, exp_percent=300, idle_minutes=0
    )
    for char_class in CharClass:
        evening = Evening(running, clock, seed=int(char_class))
        evening.graphics = classic.graphics()
        await play(evening, char_class)
