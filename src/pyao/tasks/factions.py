"""The two armies over the wire: enlist, ask what is owed, be rewarded, leave, be put out.

A noble answers whoever stands before it. What an army asks and gives is in `rules/faction.py`.
"""

from __future__ import annotations

from pyao.content.npcs import NpcKind
from pyao.content.rulebook import FactionArmour
from pyao.game import Game
from pyao.protocol.client_social_packets import Enlist, Information, LeaveFaction, Reward
from pyao.protocol.enums import Font
from pyao.rules import faction as rules
from pyao.rules import inventory
from pyao.rules.character import Section
from pyao.rules.faction import REACH, EnlistProblem, RewardProblem
from pyao.rules.inventory import Pile
from pyao.rules.kinds import Faction, NpcRole
from pyao.rules.person import distance
from pyao.storage.ledger import NOBODY, of_player
from pyao.tasks.acts import lay_by
from pyao.tasks.belongings import show_slots
from pyao.tasks.growth import earn, show_dismissal
from pyao.tasks.living import show_look
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.windows import find_townsman, say
from pyao.world import Player
from pyao.world.npc import Npc


def is_noble(kind: NpcKind) -> bool:
    """Tell whether a townsman commands an army."""
    return kind.role == NpcRole.NOBLE


def served_by(noble: Npc) -> Faction:
    """Return which army a noble commands."""
    return Faction.CHAOS if noble.kind.faction else Faction.ROYAL


# --- enlisting -----------------------------------------------------------------------------------


@on(Enlist, alive=True)
def enlist(turn: Turn, _packet: Enlist) -> None:
    """Enter the army of the noble one stands before; the first time it gives a welcome.

    Who has no room for the gift is not taken in yet, so that none of it is lost.
    """
    noble = find_townsman(turn, is_noble, REACH)
    if noble is None:
        return
    game, player, faction = turn.game, turn.player, served_by(noble)
    problem = rules.check_enlist(player, faction, turn.world.guilds.of(player.user_id))
    if problem is not None:
        refuse(turn, noble, problem, faction)
        return
    gift = gift_of(game, player, faction, 0) if rules.serves_first(player, faction) else []
    if not has_room(game, player, gift):
        say(turn, noble, "faction.no_room")
        return
    first = rules.enlist(player, faction, int(turn.world.unix_time()))
    turn.mark(Section.FLAGS)
    say(
        turn,
        noble,
        "faction.welcome_royal" if faction is Faction.ROYAL else "faction.welcome_chaos",
    )
    if first:
        give_reward(game, player, gift)
    if player.sailing:  # each army has boats of its own colours
        show_look(game, player)
    game.changes.snapshot()


def refuse(turn: Turn, noble: Npc, problem: EnlistProblem, faction: Faction) -> None:
    """Let a noble say why it does not take the player in."""
    player = turn.player
    say(
        turn,
        noble,
        problem.value,
        needed=rules.MARKS[faction][0].kills,
        kills=rules.kills(player, faction),
        level=rules.ENLIST_LEVEL,
        nobility=player.noble,
        nobility_needed=rules.NOBILITY_NEEDED,
    )


# --- rewards -------------------------------------------------------------------------------------


@on(Information, alive=True)
def information(turn: Turn, _packet: Information) -> None:
    """Ask the noble of one's army what is still owed for the next reward."""
    noble = find_townsman(turn, is_noble, REACH)
    if noble is None:
        return
    faction = served_by(noble)
    problem = rules.check_reward(turn.player, faction)
    if problem is not None:
        owe(turn, noble, problem, faction)
    else:
        royal = faction is Faction.ROYAL
        say(turn, noble, "faction.deserved_royal" if royal else "faction.deserved_chaos")


@on(Reward, alive=True)
def reward(turn: Turn, _packet: Reward) -> None:
    """Ask the noble of one's army for the next reward; marks passed together are given in turn.

    It waits until there is room for all of it.
    """
    noble = find_townsman(turn, is_noble, REACH)
    if noble is None:
        return
    game, player, faction = turn.game, turn.player, served_by(noble)
    problem = rules.check_reward(player, faction)
    if problem is not None:
        owe(turn, noble, problem, faction)
        return
    gift = gift_of(game, player, faction, player.faction_rank + 1)
    if not has_room(game, player, gift):
        say(turn, noble, "faction.no_room")
        return
    rules.promote(player)
    turn.mark(Section.FLAGS)
    say(turn, noble, "faction.rewarded", title=title_of(game, player))
    give_reward(game, player, gift)
    game.changes.snapshot()


def owe(turn: Turn, noble: Npc, problem: RewardProblem, faction: Faction) -> None:
    """Let a noble say what is missing for the next reward."""
    player = turn.player
    mark = rules.next_mark(player, faction)
    say(
        turn,
        noble,
        problem.value,
        missing=mark.kills - rules.kills(player, faction),
        kills=rules.kills(player, faction),
        levels=mark.level - player.level,
        nobility=mark.nobility,
    )


def title_of(game: Game, player: Player) -> str:
    """Return the title a member of an army bears."""
    royal = player.faction is Faction.ROYAL
    titles = game.texts.lines("faction.titles_royal" if royal else "faction.titles_chaos")
    return titles[player.faction_rank]


def gift_of(game: Game, player: Player, faction: Faction, rank: int) -> list[Pile]:
    """Return the armours somebody gets from an army on reaching a rank, as far as they exist."""
    armours = game.world.data.rulebook.faction_armour.get(player.char_class)
    if armours is None:
        return []
    suits = suits_for(armours, faction, small=player.build.small)
    amounts = rules.armour_amounts(rank)
    gift = (Pile(*given) for given in zip(suits, amounts, strict=True))
    return [pile for pile in gift if pile.item in game.world.data.items]


def suits_for(armours: FactionArmour, faction: Faction, *, small: bool) -> tuple[int, int, int]:
    """Return the armours of an army that fit a build, of low, medium and high defence."""
    if faction is Faction.ROYAL:
        return armours.royal_short if small else armours.royal_tall
    return armours.chaos_short if small else armours.chaos_tall


def has_room(game: Game, player: Player, gift: list[Pile]) -> bool:
    """Tell whether the bag, and the ground before the feet for what is left, take all of a gift."""
    rest = inventory.left_over(player.inventory, gift)
    room = game.world.maps[player.map]
    return game.world.places_near(room, player.x, player.y, rest) is not None


def give_reward(game: Game, player: Player, gift: list[Pile]) -> None:
    """Give what belongs to the rank somebody has just reached: a gift that fits, and experience."""
    for pile in gift:
        give(game, player, pile)
    experience = game.world.data.rulebook.balance.faction_experience[player.faction_rank]
    game.tell(player, "fight.experience", Font.FIGHT, amount=experience)
    earn(game, player, experience, "faction")


def give(game: Game, player: Player, pile: Pile) -> None:
    """Put a gift into somebody's bag, or before its feet when the bag is full."""
    slot = inventory.put(player.inventory, *pile)
    if slot or lay_by(game, player)(pile):
        target = of_player(player.user_id)
        game.changes.record("faction", player, *pile, source=NOBODY, target=target)
        show_slots(game, player, (slot,) if slot else ())


# --- leaving -------------------------------------------------------------------------------------


@on(LeaveFaction)
def leave_faction(turn: Turn, _packet: LeaveFaction) -> None:
    """Leave one's army, wherever one is; the noble of the other one hears of no such thing."""
    player, noble = turn.player, noble_before(turn)
    if player.faction is Faction.NONE:
        turn.tell("faction.none", Font.FIGHT)
        return
    royal = player.faction is Faction.ROYAL
    if noble is not None and served_by(noble) is not player.faction:
        say(turn, noble, "faction.begone_soldier" if royal else "faction.begone_legionary")
        return
    if noble is not None:
        say(turn, noble, "faction.farewell_royal" if royal else "faction.farewell_chaos")
    rules.leave(player)
    turn.tell("faction.left_royal" if royal else "faction.left_chaos", Font.FIGHT)
    show_dismissal(turn.game, player)
    turn.game.changes.snapshot()


def noble_before(turn: Turn) -> Npc | None:
    """Return the noble that was clicked last, while one stands before it."""
    player, noble = turn.player, turn.player.clicked
    if not isinstance(noble, Npc) or noble.gone or noble.map != player.map:
        return None
    near = distance(player.x, player.y, noble.x, noble.y) <= REACH
    return noble if near and is_noble(noble.kind) else None


def expel(game: Game, player: Player, *, for_good: bool = False) -> Faction:
    """Put a player out of its army and tell it; return which one it was, NONE if there was none.

    One who is put out for good is never taken in again.
    """
    left = rules.banish(player) if for_good else rules.leave(player)
    if left is not Faction.NONE:
        royal = left is Faction.ROYAL
        game.tell(
            player, "faction.expelled_royal" if royal else "faction.expelled_chaos", Font.FIGHT
        )
    show_dismissal(game, player)
    game.changes.snapshot()
    return left
