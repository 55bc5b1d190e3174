"""The whole truth about a client: whether what it believes is what the world is.

For moments at which all that was asked has been answered.
"""

from __future__ import annotations

from tests.support.byte_client import ByteClient
from tests.support.client_facts import sees
from tests.support.client_picture import BANK_INIT, COMMERCE_INIT

from pyao.content.world_data import tile_place
from pyao.rules.commerce import unit_price
from pyao.rules.inventory import Items
from pyao.rules.kinds import Skill, TileFlag
from pyao.rules.reputation import is_criminal
from pyao.tasks.windows import is_merchant
from pyao.world import MapRoom, Player, World
from pyao.world.npc import Npc

CRIMINAL = 1  # the bit of a name's colour


def compare(world: World, client: ByteClient, player: Player) -> None:
    """Compare all that a client shows with the world: place, view, states, belongings, window."""
    assert (client.map, client.x, client.y) == (player.map, player.x, player.y)
    assert client.index == player.index
    assert client.hp == player.hp
    compare_view(client, player, world.maps[player.map])
    compare_states(client, player)
    compare_belongings(client, player)
    compare_window(client, player, world.data.items)


def compare_view(client: ByteClient, player: Player, room: MapRoom) -> None:
    """Compare who and what is in view."""
    everybody: list[Player | Npc] = [*room.players(), *room.npcs()]
    seen = {
        one.index: one
        for one in everybody
        if sees(player.x, player.y, one.x, one.y)
        and not (isinstance(one, Player) and one.veiled and one is not player)
    }
    shown = {index: (one.x, one.y) for index, one in client.figures.items()}
    assert shown == {index: (one.x, one.y) for index, one in seen.items()}
    for index, other in seen.items():
        figure = client.figures[index]
        assert figure.heading == other.heading, other
        if isinstance(other, Npc):
            assert (figure.body, figure.head) == (other.kind.body, other.kind.head), other
            continue
        look = other.look
        assert (figure.body, figure.head) == (look.body, look.head), other
        assert figure.worn == (look.weapon, look.shield, look.helmet), other
        assert figure.name == other.tag
        assert bool(figure.color & CRIMINAL) == is_criminal(other), other
        assert figure.glows == other.meditating, other
    ground = {
        tile_place(at): pile.item.graphic
        for at, pile in room.ground.items()
        if room.is_sent(pile.item) and sees(player.x, player.y, *tile_place(at))
    }
    assert client.objects == ground
    for place, blocked in client.blocked.items():
        assert blocked == bool(room.flag(*place) & TileFlag.BLOCKED), place


def compare_states(client: ByteClient, player: Player) -> None:
    """Compare what a client may do now with what its player may."""
    states = {
        "sailing": player.sailing,
        "resting": player.resting,
        "meditating": player.meditating,
        "paralysed": player.paralysed,
        "paused": False,
    }
    assert client.flags == {name for name, holds in states.items() if holds}, player
    assert client.travelling == (player.journey is not None)


def compare_belongings(client: ByteClient, player: Player) -> None:
    """Compare everything a client shows of its own character."""
    bars = {
        "hp": player.hp,
        "max_hp": player.max_hp,
        "gold": player.gold,
        "level": player.level,
        "mana": player.mana,
        "max_mana": player.max_mana,
        "next": player.experience_next,
        "stamina": player.stamina,
        "max_stamina": player.max_stamina,
        "experience": player.experience,
        "hunger": player.hunger,
        "thirst": player.thirst,
        "strength": player.current.strength,
        "agility": player.current.agility,
    }
    shown = {name: value for name, value in client.bars.items() if name != "bank"}
    assert shown == bars, player
    assert client.points == player.free_skill_points
    bag = {
        number: (slot.item, slot.amount, slot.equipped)
        for number, slot in enumerate(player.inventory, 1)
        if slot
    }
    told = {number: (each[0], *each[2:4]) for number, each in client.bag.items() if each[0]}
    assert told == bag, player
    book = {number: spell for number, spell in enumerate(player.spells, 1) if spell}
    assert {number: spell for number, spell in client.book.items() if spell} == book


def compare_window(client: ByteClient, player: Player, items: Items) -> None:
    """Compare the window that is open with what it is a window of."""
    dealer = player.dealer
    if dealer is None:
        assert client.window == 0, player
    elif is_merchant(dealer.kind):
        assert client.window == COMMERCE_INIT, player
        skill = player.skills[Skill.TRADE - 1]
        goods = {
            number: (slot.amount, unit_price(items[slot.item].price, skill), slot.item)
            for number, slot in enumerate(dealer.goods.slots, 1)
            if slot
        }
        told = {number: (each[1], each[2], each[4]) for number, each in client.goods.items()}
        assert {number: each for number, each in told.items() if each[2]} == goods
    else:
        assert client.window == BANK_INIT, player
        vault = {
            number: (slot.item, slot.amount) for number, slot in enumerate(player.bank, 1) if slot
        }
        told_of = {number: (each[0], each[2]) for number, each in client.vault.items() if each[0]}
        assert told_of == vault
        assert client.bars["bank"] == player.bank_gold
