"""What happens to creatures: wounds, death, coming back, coming when called.

The rules take hit points and reckon experience; here it is paid and shown.
"""

from __future__ import annotations

from functools import partial

from pyao.content.npcs import NpcKind
from pyao.content.world_data import tile_index, tile_place
from pyao.events.payloads import CombatKill
from pyao.game import Game
from pyao.protocol import msg
from pyao.protocol.enums import Font, Fx, Sound
from pyao.rules import deeds, fight, reputation
from pyao.rules.character import UserId
from pyao.rules.inventory import GOLD_ITEM, piles_of_gold
from pyao.rules.kinds import Movement
from pyao.rules.permissions import Ties
from pyao.rules.person import distance
from pyao.rules.spoils import roll_spoils
from pyao.tasks.growth import earn, show_standing
from pyao.tasks.living import spot
from pyao.world import MapRoom, Player
from pyao.world.npc import Npc

RESPAWN_MS = 15_000


def ties(game: Game, npc: Npc) -> Ties:
    """Return whose a creature is, as far as they play."""
    players = game.world.players
    return Ties(master=players.get(UserId(npc.master)), owner=players.get(UserId(npc.owner)))


def provoke(game: Game, npc: Npc, by: Player) -> None:
    """Let a creature know who attacks it."""
    del game
    npc.provoke(by.user_id)


def wound(game: Game, npc: Npc, damage: int, by: Player) -> None:
    """Take hit points from a creature, pay for them, and let it die when none are left."""
    suffered(game, npc, fight.wound(npc, damage), by)


def suffered(game: Game, npc: Npc, experience: int, by: Player) -> None:
    """Pay for a wound that the rules have dealt, and let the creature die if it was the last."""
    if experience:
        game.tell(by, "fight.experience", Font.FIGHT, amount=experience)
        earn(game, by, experience, "creature")
    if npc.hp <= 0 and not npc.gone:
        die(game, npc, by)


def die(game: Game, npc: Npc, killer: Player) -> None:
    """Take a dead creature off its map, pay its killer, and let it come back later."""
    room, kind, place = game.world.maps[npc.map], npc.kind, (npc.x, npc.y)
    vanish(game, npc)
    if kind.death_sound:
        game.world.sound(room, kind.death_sound, *place)
    game.tell(killer, "fight.creature_killed", Font.FIGHT, name=kind.name)
    rest = fight.last_share(npc)
    if rest:
        game.tell(killer, "fight.experience", Font.FIGHT, amount=rest)
        earn(game, killer, rest, "creature")
    if not spot(game, killer).arena:
        standing = reputation.kill_creature(
            killer, kind.number, kind.alignment, pet=bool(npc.master)
        )
        show_standing(game, killer, standing)
    game.events.announce(CombatKill(killer.name, kind.name, room.number, kind.number), "combat")
    if not npc.master:
        leave_spoils(game, npc, killer)
    if kind.respawns and not npc.master:
        game.world.schedule.after(RESPAWN_MS, partial(come_back, game, npc), name="respawn")


def leave_spoils(game: Game, npc: Npc, killer: Player) -> None:
    """Lay what a dead creature had around the place where it fell."""
    spoils = roll_spoils(npc.kind.drops, game.roll)
    if spoils is None:
        return
    room = game.world.maps[npc.map]
    piles = piles_of_gold(spoils.amount) if spoils.item == GOLD_ITEM else [spoils]
    for pile in piles:
        if game.world.lay_near(room, npc.x, npc.y, pile):
            place = f"{room.number}:{npc.x},{npc.y}"
            game.record("spoils", killer, item=pile.item, amount=pile.amount, target=place)


def vanish(game: Game, npc: Npc) -> None:
    """Take a creature out of the world, and out of the hands of its owner and master."""
    if npc.gone:
        return
    owner = game.world.players.get(UserId(npc.owner))
    if owner is not None and owner.owned is npc:
        deeds.release(owner)
    master = game.world.players.get(UserId(npc.master))
    if master is not None and npc in master.pets:
        master.pets.remove(npc)
    game.world.remove_npc(npc)


def come_back(game: Game, dead: Npc) -> None:
    """Let another of a dead creature's kind live where the map puts it."""
    room = game.world.maps[dead.map]
    x, y = tile_place(dead.home)
    npc = spawn(game, dead.kind, room, x, y)
    if npc is not None:
        npc.home = dead.home


def spawn(game: Game, kind: NpcKind, room: MapRoom, x: int, y: int) -> Npc | None:
    """Bring a creature to life on the free tile nearest to a place; None when there is none."""
    place = game.world.free_tile(room, x, y, sailing=kind.land_forbidden)
    if place is None:
        return None
    npc = Npc.at(kind, room.number, tile_index(*place), exp_percent=game.options.exp_percent)
    game.world.add_npc(room, npc)
    return npc


def summon(game: Game, master: Player, number: int, x: int, y: int) -> Npc | None:
    """Call a creature of a kind that serves its master for a while."""
    room = game.world.maps[master.map]
    kind = game.world.data.npcs.get(number)
    npc = None if kind is None else spawn(game, kind, room, x, y)
    if npc is None:
        return None
    npc.master = master.user_id
    npc.movement = Movement.FOLLOWS_MASTER
    master.pets.append(npc)
    lasts = game.options.times.summon
    npc.dies_at = game.world.clock.now() + lasts
    game.world.schedule.after(lasts, partial(vanish, game, npc), name="summon ends")
    game.world.sound(room, Sound.WARP, npc.x, npc.y)
    room.show(msg.create_fx(npc.index, Fx.WARP, 0), npc.zone)
    return npc


def call_pet(game: Game, master: Player, x: int, y: int) -> None:
    """Bring the farthest of one's tamed creatures to a place, with the life it has."""
    room = game.world.maps[master.map]
    tamed = [pet for pet in master.pets if not pet.dies_at and pet.map == master.map]
    place = game.world.free_tile(room, x, y)
    if not tamed or place is None:
        return
    pet = max(tamed, key=lambda one: distance(one.x, one.y, master.x, master.y))
    game.world.remove_npc(pet)
    pet.x, pet.y = place
    game.world.add_npc(room, pet)
