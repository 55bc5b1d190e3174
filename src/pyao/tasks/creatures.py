"""What happens to creatures: wounds, death, coming back, coming when called.

The rules take hit points and reckon experience; here it is paid and shown.
"""

from __future__ import annotations

from functools import partial

from pyao.content.npcs import NpcKind
from pyao.content.world_data import MapData, tile_index
from pyao.events.payloads import CombatKill
from pyao.game import Game
from pyao.protocol import msg
from pyao.protocol.enums import Font, Fx, Sound
from pyao.rules import deeds, fight, ground, pets, reputation, states
from pyao.rules.character import UserId
from pyao.rules.inventory import GOLD_ITEM, Pile, piles_of_gold
from pyao.rules.kinds import Movement, NpcRole
from pyao.rules.permissions import Ties
from pyao.rules.person import distance
from pyao.rules.spoils import roll_spoils
from pyao.storage.ledger import NOBODY, of_map
from pyao.tasks.growth import earn, show_standing
from pyao.tasks.living import show_free, spot
from pyao.world import MapRoom, Player
from pyao.world.grid import zone
from pyao.world.npc import Npc

RESPAWN_FIXED_MS = 15_000
RETRY_MS = 30_000


def ties(game: Game, npc: Npc, by: Player | None = None) -> Ties:
    """Return whose a creature is, as far as they play, and whether that one lets `by` at it."""
    players = game.world.players
    owner = players.get(UserId(npc.owner))
    allied = by is not None and owner is not None and are_allies(owner, by)
    return Ties(
        master=players.get(UserId(npc.master)),
        owner=owner,
        allied=allied,
        shielded=npc.kind.movement == Movement.CLAN_KING and has_clan(game, npc),
    )


def has_clan(game: Game, king: Npc) -> bool:
    """Tell whether others of a king's clan live on its map."""
    role = king.kind.role
    return any(one.kind.role == role for one in game.world.maps[king.map].npcs() if one is not king)


def are_allies(owner: Player, other: Player) -> bool:
    """Tell whether two are of one party or guild, or the first shares with the second."""
    party = owner.party is not None and owner.party is other.party
    guild = owner.guild_name != "" and owner.guild_name == other.guild_name
    return party or guild or owner.shares_with == other.user_id


def provoke(game: Game, npc: Npc, by: Player) -> None:
    """Let a creature know who attacks it, and everybody's pets take sides."""
    npc.provoke(by.user_id)
    for pet in by.pets:
        if pet.foe is None:
            pets.fight(pet, npc)
    master = game.world.players.get(UserId(npc.master))
    if master is not None and master is not by:
        avenge(master, by)


def take_sides(who: Player, victim: Player) -> None:
    """Let the pets of two players who fight each other fight too."""
    avenge(victim, who)
    avenge(who, victim)


def avenge(master: Player, enemy: Player) -> None:
    """Set a player's pets on another; those that fight a creature go on with that."""
    for pet in master.pets:
        if pet.foe is None:
            pets.avenge(pet, enemy)


def wound(game: Game, npc: Npc, damage: int, by: Player) -> None:
    """Take hit points from a creature, pay for them, and let it die when none are left."""
    suffered(game, npc, fight.wound(npc, damage), by)


def suffered(game: Game, npc: Npc, experience: int, by: Player) -> None:
    """Pay for a wound that the rules have dealt, and let the creature die if it was the last."""
    if experience:
        earn_from(game, by, experience, npc)
    if npc.hp <= 0 and not npc.gone:
        die(game, npc, by)


def die(game: Game, npc: Npc, killer: Player | None) -> None:
    """Take a dead creature off its map, pay its killer, and see to it that another one comes.

    Without a killer (one wild creature killed another) there is nobody to pay, and no spoils.
    """
    room, kind, place = game.world.maps[npc.map], npc.kind, (npc.x, npc.y)
    pet = bool(npc.master)
    release_captive(game, npc)
    vanish(game, npc)
    if kind.death_sound:
        game.world.sound(room, kind.death_sound, *place)
    if killer is not None:
        reward(game, npc, killer, pet=pet)
        if not pet:
            leave_spoils(game, npc, killer)
    replace(game, npc)


def reward(game: Game, npc: Npc, killer: Player, *, pet: bool) -> None:
    """Give the one who killed a creature what is left to give for it, and judge the deed."""
    kind = npc.kind
    if killer.clicked is npc:
        killer.clicked = None
    game.tell(killer, "fight.creature_killed", Font.FIGHT, name=kind.name)
    rest = fight.last_share(npc)
    if rest:
        earn_from(game, killer, rest, npc)
    if not spot(game, killer).arena:
        standing = reputation.kill_creature(killer, kind.number, kind.alignment, pet=pet)
        show_standing(game, killer, standing)
    game.events.announce(CombatKill(killer.name, kind.name, npc.map, kind.number), "combat")


def earn_from(game: Game, player: Player, amount: int, npc: Npc) -> None:
    """Give what a creature taught to the one who fought it, or to its party in shares."""
    if player.party is None:
        paid = [(player, amount)]
    else:
        exponent = game.world.data.rulebook.balance.party_exponent
        paid = player.party.divide(amount, (npc.map, npc.x, npc.y), exponent)
    for one, share in paid:
        if share:
            game.tell(one, "fight.experience", Font.FIGHT, amount=share)
            earn(game, one, share, "creature")


def release_captive(game: Game, npc: Npc) -> None:
    """Let the player move whom a creature that dies has paralysed last."""
    victim = game.world.players.get(UserId(npc.captive))
    npc.captive = 0
    if victim is not None and not victim.paralysed_by and states.free(victim):
        show_free(game, victim)


def leave_spoils(game: Game, npc: Npc, killer: Player) -> None:
    """Lay what a dead creature had around the place where it fell."""
    room = game.world.maps[npc.map]
    for pile in spoils_of(game, npc):
        if game.world.lay_near(room, npc.x, npc.y, pile):
            target = of_map(room.number)
            game.changes.record("spoils", killer, *pile, source=NOBODY, target=target)


def spoils_of(game: Game, npc: Npc) -> list[Pile]:
    """Return what falls with a creature: by chance, but all that a pretorian has."""
    kind = npc.kind
    if kind.role == NpcRole.PRETORIAN:
        owned = (Pile(pile.number, pile.amount) for pile in kind.stock if pile.amount > 0)
        return [*owned, *piles_of_gold(kind.gold)]
    spoils = roll_spoils(kind.drops, game.roll)
    if spoils is None:
        return []
    return piles_of_gold(spoils.amount) if spoils.item == GOLD_ITEM else [spoils]


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


def replace(game: Game, gone: Npc) -> None:
    """Let another of its kind come for a creature that died or was tamed, if it belongs here.

    It takes the time its kind says. Without one it comes at once, as classic creatures do, but for
    those of a fixed place: they would rise on their own spoils.
    """
    if not gone.returns:
        return
    gone.returns = False
    room = game.world.maps[gone.map]
    usual = RESPAWN_FIXED_MS if gone.kind.fixed_place else 0
    delay = gone.kind.respawn_s * 1000 or usual
    again = partial(come_back, game, gone, room.data)
    game.world.schedule.after(delay, again, name="respawn")


def come_back(game: Game, gone: Npc, of: MapData) -> None:
    """Let another of a kind live: where the map puts it, or on a tile where nobody sees it come.

    When the map has no room it is tried again; when the map was renewed it has its own already.
    """
    room = game.world.maps.get(gone.map)
    kind = game.world.data.npcs.get(gone.kind.number)
    if room is None or room.data is not of or kind is None:
        return
    npc = Npc.at(kind, room.number, gone.home, exp_percent=game.options.exp_percent)
    npc.returns = True
    fits = partial(may_stand, game, room, npc)
    if kind.fixed_place:
        place = ground.nearest(npc.x, npc.y, fits)
    else:

        def seen(x: int, y: int) -> bool:
            return bool(room.viewers(zone(x, y)))

        within = ground.territory(npc.x, npc.y, kind.territory)
        place = ground.place_to_respawn(game.roll, fits, seen, room.trigger, within)
    if place is None:
        again = partial(come_back, game, gone, of)
        game.world.schedule.after(RETRY_MS, again, name="respawn")
        return
    npc.x, npc.y = place
    game.world.add_npc(room, npc)


def may_stand(game: Game, room: MapRoom, npc: Npc, x: int, y: int) -> bool:
    """Tell whether a creature can be put on a tile: one it could walk on, with nobody there."""
    return game.world.npc_may_step(room, npc, x, y) and room.occupant(x, y) is None


def spawn(game: Game, kind: NpcKind, room: MapRoom, x: int, y: int) -> Npc | None:
    """Bring a creature to life on the free tile nearest to a place; None when there is none.

    It is a guest: when it dies no other one comes.
    """
    npc = Npc.at(kind, room.number, 0, exp_percent=game.options.exp_percent)
    place = ground.nearest(x, y, partial(may_stand, game, room, npc))
    if place is None:
        return None
    npc.x, npc.y = place
    npc.home = tile_index(*place)
    game.world.add_npc(room, npc)
    return npc


def summon(game: Game, master: Player, number: int, x: int, y: int) -> Npc | None:
    """Call a creature of a kind that serves its master for a while."""
    room = game.world.maps[master.map]
    kind = game.world.data.npcs.get(number)
    npc = None if kind is None else spawn(game, kind, room, x, y)
    if npc is None:
        return None
    npc.experience = npc.pool = 0
    serve(master, npc)
    lasts = game.options.times.summon
    npc.dies_at = game.world.clock.now() + lasts
    game.world.schedule.after(lasts, partial(vanish, game, npc), name="summon ends")
    show_arrival(game, npc)
    return npc


def serve(master: Player, npc: Npc) -> None:
    """Make a creature the pet of a player."""
    npc.master = master.user_id
    npc.owner = npc.attacked_by = 0
    npc.foe = None
    pets.follow(npc)
    master.pets.append(npc)


def show_arrival(game: Game, npc: Npc) -> None:
    """Show that a creature came out of nowhere."""
    room = game.world.maps[npc.map]
    game.world.sound(room, Sound.WARP, npc.x, npc.y)
    room.show(msg.create_fx(npc.index, Fx.WARP, 0), npc.zone)


def call_pet(game: Game, master: Player, x: int, y: int) -> None:
    """Bring the farthest of one's tamed creatures to a place, with the life it has."""
    room = game.world.maps[master.map]
    tamed = [pet for pet in master.pets if not pet.dies_at and pet.map == master.map]
    if not tamed:
        return
    pet = max(tamed, key=lambda one: distance(one.x, one.y, master.x, master.y))
    place = ground.nearest(x, y, partial(may_stand, game, room, pet))
    if place is not None:
        game.world.jump_npc(pet, room, *place)
