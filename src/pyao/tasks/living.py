"""What happens to players by itself: recovery, hunger, poison, death; and how they are shown it.

The rules decide; here it is told, marked and, where value moved, written down. Runs from the tick
as well as from packets, so it takes the game and a player instead of a turn.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from types import MappingProxyType

from pyao.content.world_data import MapData
from pyao.events.payloads import PlayerDied, PlayerLeveled, PlayerResurrected
from pyao.game import Game
from pyao.protocol import msg
from pyao.protocol.enums import Font, Sound
from pyao.rules import death, effects, equipment
from pyao.rules.character import Section, UserId
from pyao.rules.effects import Around, Happening, What
from pyao.rules.inventory import GOLD_ITEM, Pile
from pyao.rules.kinds import Gender, TileFlag
from pyao.rules.leveling import Growth
from pyao.rules.person import NEWBIE_MAX_LEVEL, Spot
from pyao.rules.skills import POINT_EXPERIENCE, Training
from pyao.rules.weather import exposed
from pyao.storage.ledger import NOBODY, of_map, of_player
from pyao.tasks.belongings import show_figures, show_gold, show_needs, show_slots, show_strength
from pyao.tasks.windows import close_window
from pyao.world import Player
from pyao.world.pictures import glow_bytes
from pyao.world.player import NO_ZONE

AILING_TICKS = 4  # whoever something acts on is looked at in every fourth tick
WELL_TICKS = 16  # ... and all others are found when something has begun to
SNOW, DUNGEON = "NIEVE", "DUNGEON"
NEWBIES = "NEWBIE"
GROWN_UP = (1, 50, 50)  # where those go who outgrow a map of newcomers
_LAVA = int(TileFlag.LAVA)  # a plain number: it is asked for everybody, again and again
_SURROUNDINGS = MappingProxyType(
    {(snow, lava): Around(snow=snow, lava=lava) for snow in (False, True) for lava in (False, True)}
)

TEXTS = MappingProxyType(
    {
        What.HP_GAINED: "state.hp_gained",
        What.POISON: "state.poison",
        What.COLD: "state.cold",
        What.LAVA: "state.lava",
        What.REST_ENDS: "state.rest_ends",
        What.MEDITATION_ENDS: "state.meditation_ends",
        What.INVISIBILITY_ENDS: "state.visible",
        What.HIDING_ENDS: "state.visible",
        What.MIMICRY_ENDS: "state.mimicry_ends",
    }
)


class PassingTime:
    """Lets time act on all players, some of them in each tick.

    Most are well most of the time, and nothing acts on them: those are looked at more rarely, from
    a list that is made once for each round, for even to pass somebody over costs a look.
    """

    def __init__(self, game: Game) -> None:
        self._game = game
        self._tick = 0
        self._shares: list[list[Player]] = [[]] * WELL_TICKS
        self._ailing: dict[Player, None] = {}

    def tick(self) -> None:
        """Look at those whose turn it is."""
        game, ailing = self._game, self._ailing
        now = game.world.clock.now()
        turn = self._tick % WELL_TICKS
        if turn == 0:
            everybody = list(game.world.players.values())
            self._shares = [everybody[number::WELL_TICKS] for number in range(WELL_TICKS)]
        due = list(islice(ailing, self._tick % AILING_TICKS, None, AILING_TICKS))
        self._tick += 1
        for player in due:
            if player.zone == NO_ZONE or live(game, player, now):
                del ailing[player]
        for player in self._shares[turn]:
            if player not in ailing and player.zone != NO_ZONE and not live(game, player, now):
                ailing[player] = None


def live(game: Game, player: Player, now: int) -> bool:
    """Let the time since the last look act on one player, and tell what came of it.

    Returns whether it is well: nothing acts on it, nor will before something happens to it.
    """
    world = game.world
    lava = world.maps[player.map].flag(player.x, player.y) & _LAVA
    if not (lava or world.sky.raining) and effects.put_off(player, now):
        return True
    if player.paralysed_by:
        captor = game.world.players.get(UserId(player.paralysed_by))
        if effects.loosen(player, captor, now, game.options):
            show_free(game, player)
    happenings = effects.pass_time(player, now, around(game, player), game.roll, game.options)
    if happenings:
        game.world.mark(player, Section.STATS | Section.FLAGS)
        for happening in happenings:
            tell(game, player, happening)
    return False


def around(game: Game, player: Player) -> Around:
    """Return what the place does to somebody who stands there."""
    room = game.world.maps[player.map]
    snow = room.data.terrain.upper() == SNOW
    lava = room.flag(player.x, player.y) & _LAVA != 0
    raining = game.world.sky.raining
    if not (raining or player.out_of_sight):
        return _SURROUNDINGS[snow, lava]
    trigger = room.trigger(player.x, player.y)
    return Around(
        snow=snow,
        lava=lava,
        rain=raining and exposed(trigger, dungeon=room.data.zone.upper() == DUNGEON),
        no_invisibility=room.data.no_invisibility,
        no_hiding=room.data.no_hiding,
    )


def spot(game: Game, player: Player) -> Spot:
    """Return what the rules ask of the place where somebody stands."""
    room = game.world.maps[player.map]
    data: MapData = room.data
    return Spot(
        map=room.number,
        trigger=room.trigger(player.x, player.y),
        safe=data.safe,
        no_magic=data.no_magic,
        no_invisibility=data.no_invisibility,
        no_resurrection=data.no_resurrection,
        no_hiding=data.no_hiding,
        no_summons=data.no_summons,
        free_creatures=data.free_npcs,
        water=bool(room.flag(player.x, player.y) & TileFlag.WATER),
    )


def tell(game: Game, player: Player, happening: Happening) -> None:
    """Show a player (and others, where they see it) one thing that happened by itself."""
    what = happening.what
    show = SHOWS.get(what)
    if show is not None:
        show(game, player)
    if what is What.ATTACKABLE_ENDS and happening.amount:
        game.send(player, msg.multi_safe_mode_on())
    if what is What.DIED:
        kill(game, player)
        return
    if happening.training is not None:
        show_training(game, player, happening.training)
    key = TEXTS.get(what)
    if key is not None:
        font = Font.POISON if what is What.POISON else Font.INFO
        game.tell(player, key, font, amount=happening.amount)


# --- bars --------------------------------------------------------------------------------------


def show_hp(game: Game, player: Player) -> None:
    """Send the life bar and mark it as changed."""
    game.send(player, msg.update_hp(player.hp))
    game.world.mark(player, Section.STATS)


def show_stamina(game: Game, player: Player) -> None:
    """Send the stamina bar and mark it as changed."""
    game.send(player, msg.update_sta(player.stamina))
    game.world.mark(player, Section.STATS)


def show_mana(game: Game, player: Player) -> None:
    """Send the mana bar and mark it as changed."""
    game.send(player, msg.update_mana(player.mana))
    game.world.mark(player, Section.STATS)


def show_growth(game: Game, player: Player, growth: Growth) -> None:
    """Show experience and the levels it brought, in the order the client needs."""
    game.world.mark(player, Section.STATS | Section.SKILLS)
    if not growth.levels:
        game.send(player, msg.update_exp(player.experience))
        return
    for gain in growth.levels:
        game.world.sound_of(player, Sound.LEVEL_UP)
        game.tell(player, "level.gained", level=gain.level)
        for figure in ("hp", "mana", "stamina", "hit"):
            if (amount := getattr(gain, figure)) > 0:
                game.tell(player, f"level.{figure}", amount=amount)
        game.events.announce(PlayerLeveled(int(player.user_id), player.name, gain.level), "rules")
    if growth.levels[0].level <= NEWBIE_MAX_LEVEL + 1 and not player.newbie:
        come_of_age(game, player)
    game.send(player, msg.level_up(player.free_skill_points))
    game.tell(player, "level.points", points=growth.skill_points)
    show_figures(game, player)
    game.changes.snapshot()


def come_of_age(game: Game, player: Player) -> None:
    """Take what only newcomers may have from one who is none any more, and end its stay there."""
    gone = equipment.outgrow(player, game.world.data.items)
    mine = of_player(player.user_id)
    for _, pile in gone:
        game.changes.record("outgrown", player, *pile, source=mine, target=NOBODY)
    if gone:
        show_slots(game, player, [number for number, _ in gone])
        show_look(game, player)
    if game.world.maps[player.map].data.restriction.upper() == NEWBIES:
        place = GROWN_UP if GROWN_UP[0] in game.world.maps else game.start_of(player.home)
        game.world.warp(player, *place)


def show_training(game: Game, player: Player, training: Training) -> None:
    """Tell what the use of a skill taught."""
    if training.skill is not None:
        skill = game.texts(f"skill.name.{training.skill.name.lower()}")
        game.tell(player, "skill.learned", skill=skill, value=training.value)
        game.tell(player, "fight.experience", Font.FIGHT, amount=POINT_EXPERIENCE)
        show_growth(game, player, training.growth)


# --- states ------------------------------------------------------------------------------------


def show_free(game: Game, player: Player) -> None:
    """Tell the client that its character can move again; a toggle, so once for each end."""
    game.send(player, msg.paralize_ok())
    game.world.mark(player, Section.FLAGS)


def show_visible(game: Game, player: Player) -> None:
    """Show a character that was hidden or invisible, or what a pirate's ghost ship really is."""
    game.world.refresh_veil(player)
    if player.sailing:
        show_look(game, player)
    if player.meditating:
        show_glow(game, player)  # others did not see it begin
    game.world.mark(player, Section.FLAGS)


def show_look(game: Game, player: Player) -> None:
    """Work out a look anew and show it to everybody in view."""
    game.world.dress(player)
    game.world.show_look(player)


def show_status(game: Game, player: Player) -> None:
    """Show everybody in view the colour and label of a name."""
    game.world.show_label(player)


def show_trance(game: Game, player: Player) -> None:
    """Switch the client's trance and show or end the effect; call it once for each change."""
    game.send(player, msg.meditate_toggle())
    show_glow(game, player)


def show_glow(game: Game, player: Player) -> None:
    """Show everybody in view the effect of a trance, or that there is none."""
    game.world.show_of(player, glow_bytes(player))


Show = Callable[[Game, Player], None]

SHOWS: MappingProxyType[What, Show] = MappingProxyType(
    {
        What.HP_GAINED: show_hp,
        What.POISON: show_hp,
        What.COLD: show_hp,
        What.LAVA: show_hp,
        What.STAMINA_GAINED: show_stamina,
        What.COLD_TIRES: show_stamina,
        What.RAIN_TIRES: show_stamina,
        What.MANA_GAINED: show_mana,
        What.HUNGER: show_needs,
        What.THIRST: show_needs,
        What.REST_ENDS: lambda game, player: game.send(player, msg.rest_ok()),
        What.MEDITATION_ENDS: show_trance,
        What.PARALYSIS_ENDS: show_free,
        What.STUN_ENDS: lambda game, player: game.send(player, msg.dumb_no_more()),
        What.BLINDNESS_ENDS: lambda game, player: game.send(player, msg.blind_no_more()),
        What.INVISIBILITY_ENDS: show_visible,
        What.HIDING_ENDS: show_visible,
        What.MIMICRY_ENDS: show_look,
        What.ATTRIBUTES_END: show_strength,
        What.ATTACKABLE_ENDS: show_status,
    }
)


# --- death and life ----------------------------------------------------------------------------


def kill(game: Game, player: Player, killer: str = "") -> None:
    """Let a player die: what ends is told, what falls comes to lie around, all see the ghost."""
    room = game.world.maps[player.map]
    fallen: list[Pile] = []

    def lay(pile: Pile) -> bool:
        laid = game.world.lay_near(room, player.x, player.y, pile)
        if laid:
            fallen.append(pile)
        return laid

    game.world.sound_of(player, death.CRIES[Gender(player.gender)])
    game.world.show_of(player, msg.remove_char_dialog(player.index))
    trance, exposed = player.meditating, player.attackable_by
    ended = death.die(player, game.world.data.items, lay, spot(game, player), game.options)
    mine = of_player(player.user_id)
    for pile in fallen:
        game.changes.record("death", player, *pile, source=mine, target=of_map(room.number))
    vanished = ended.gold - sum(pile.amount for pile in fallen if pile.item == GOLD_ITEM)
    if vanished > 0:
        game.changes.record("death", player, GOLD_ITEM, vanished, source=mine, target=NOBODY)
    close_window(game, player)
    show_lock(game, player)
    if exposed:
        show_status(game, player)
    show_ends(game, player, ended, trance=trance)
    show_slots(game, player, ended.slots)
    if ended.gold:
        show_gold(game, player)
    show_look(game, player)
    show_figures(game, player)
    show_strength(game, player)
    game.tell(player, "death.died", Font.FIGHT)
    game.world.mark(player, Section.everything())
    game.events.announce(PlayerDied(int(player.user_id), player.name, player.map, killer), "rules")
    if room.data.on_death_goto is not None:
        game.tell(player, "death.sent_away", Font.INFO_BOLD)
        game.world.warp(player, *room.data.on_death_goto)
    game.changes.snapshot()


def show_lock(game: Game, player: Player) -> None:
    """Tell whether spells may give a player life."""
    locked = player.resurrection_safe
    on, off = msg.multi_resuscitation_safe_on, msg.multi_resuscitation_safe_off
    game.send(player, on() if locked else off())


def show_ends(game: Game, player: Player, ended: death.Death, *, trance: bool) -> None:
    """Tell the client of each state that ended with a life; toggles exactly once."""
    ends = (
        (ended.paralysed, show_free),
        (ended.resting, SHOWS[What.REST_ENDS]),
        (trance, show_trance),
        (ended.stunned, SHOWS[What.STUN_ENDS]),
        (ended.blinded, SHOWS[What.BLINDNESS_ENDS]),
        (ended.appeared, show_visible),
    )
    for applies, show in ends:
        if applies:
            show(game, player)


def revive(game: Game, player: Player) -> None:
    """Give a ghost its body back and show it; the rules have given it life already."""
    player.resurrection_safe = False
    game.world.break_journey(player)
    show_look(game, player)
    show_figures(game, player)
    show_needs(game, player)  # life that a spell gives leaves nothing in the stomach
    game.world.mark(player, Section.STATS)
    show_lock(game, player)
    game.events.announce(PlayerResurrected(int(player.user_id), player.name, player.map), "rules")
