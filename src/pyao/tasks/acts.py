"""Which states an act ends, and how that is shown: one place for walking, fighting, magic, talk.

Whoever lets a player do something calls `act` once, when it is sure that it is done. What ends by
itself is in `living.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, Flag, auto
from types import MappingProxyType

from pyao.content.world_data import tile_index
from pyao.game import Game
from pyao.game.trades import break_off
from pyao.protocol import msg
from pyao.protocol.enums import Font
from pyao.rules import hiding, states
from pyao.rules.areas import VISION_X, VISION_Y
from pyao.rules.character import Section
from pyao.rules.inventory import Lay, Pile
from pyao.rules.movement import inside
from pyao.storage.ledger import of_map, of_player
from pyao.tasks.living import show_look, show_trance, show_visible
from pyao.world import MapRoom, Player
from pyao.world.npc import Npc


class Act(Enum):
    """What a player does."""

    WALK = "walk"
    FIGHT = "fight"
    CAST = "cast"
    WORK = "work"
    SPEAK = "speak"
    SAIL = "sail"
    QUIT = "quit"


class _Ends(Flag):
    """The states that an act may end."""

    TRANCE = auto()
    REST = auto()
    HIDING = auto()
    INVISIBILITY = auto()
    LEAVING = auto()
    TRADE = auto()


_ENDS: Mapping[Act, _Ends] = MappingProxyType(
    {
        Act.WALK: _Ends.TRANCE | _Ends.REST | _Ends.HIDING | _Ends.LEAVING,
        Act.FIGHT: _Ends.REST | _Ends.HIDING | _Ends.LEAVING | _Ends.TRADE,
        Act.CAST: _Ends.HIDING | _Ends.LEAVING,
        Act.WORK: _Ends.REST | _Ends.LEAVING | _Ends.TRADE,
        Act.SPEAK: _Ends.HIDING,
        Act.SAIL: _Ends.TRANCE | _Ends.REST | _Ends.HIDING | _Ends.LEAVING | _Ends.TRADE,
        Act.QUIT: _Ends.HIDING | _Ends.INVISIBILITY | _Ends.TRADE,
    }
)


def act(game: Game, player: Player, what: Act) -> bool:
    """End the states an act ends; return whether the player woke or got up by it.

    One who wakes or gets up by a step has not walked it: its client stands still meanwhile.
    """
    ends = _ENDS[what]
    if _Ends.LEAVING in ends:
        game.stay(player)
    if _Ends.TRADE in ends and player.trade is not None:
        break_off(game.send, game.tell, game.world, player)
    stays_hidden = what is Act.WALK and hiding.walks_hidden(player)
    if _Ends.HIDING in ends and player.hidden and not stays_hidden:
        appear(game, player)
    if _Ends.INVISIBILITY in ends and player.invisible:
        states.end_invisibility(player)
        show_visible(game, player)
    woke = _Ends.TRANCE in ends and states.stop_meditating(player)
    if woke:
        show_waking(game, player)
    rose = _Ends.REST in ends and states.stop_resting(player)
    if rose:
        game.send(player, msg.rest_ok())
        game.tell(player, "rest.ended")
    return woke or rose


def veil(game: Game, player: Player) -> None:
    """Take one who hid or became invisible out of others' sight; it goes on to see itself.

    Nothing conceals a boat, but a pirate who hides at sea passes for a ghost ship.
    """
    game.world.mark(player, Section.FLAGS)
    game.world.refresh_veil(player)
    if player.hidden and player.sailing:
        show_look(game, player)


def appear(game: Game, player: Player) -> None:
    """End hiding and show who did hide, unless a spell keeps it from sight."""
    if states.unhide(player):
        game.tell(player, "state.visible")
    show_visible(game, player)


def show_waking(game: Game, player: Player) -> None:
    """Show that something ended a trance; the rules have ended it already."""
    show_trance(game, player)
    game.tell(player, "state.meditation_ends")


def target_at(room: MapRoom, x: int, y: int, by: Player | None = None) -> Player | Npc | None:
    """Return whom a player's click on a tile aims at.

    A body is drawn a tile high, so who stands below comes first. Unlike in the classic server that
    is not the one who clicks when somebody stands on the tile: one would cast at oneself instead of
    at the creature to the north.
    """
    below, there = (room.occupant(*at) if inside(*at) else None for at in ((x, y + 1), (x, y)))
    order = (there, below) if below is by else (below, there)
    return next((who for who in order if who is not None and not _unseen(who)), None)


def _unseen(who: Player | Npc) -> bool:
    return isinstance(who, Player) and who.unseen


def lay_by(game: Game, player: Player) -> Lay:
    """Return what puts on the ground near a player what it got and has no room for.

    The ledger tells of it apart: whatever a player gets it got in its hands first.
    """
    room = game.world.maps[player.map]

    def lay(pile: Pile) -> bool:
        laid = game.world.lay_near(room, player.x, player.y, pile)
        if laid:
            source, target = of_player(player.user_id), of_map(room.number)
            game.changes.record("laid", player, *pile, source=source, target=target)
        return laid

    return lay


def in_sight(room: MapRoom, player: Player, kind: int) -> bool:
    """Tell whether a thing of a kind lies on the player's screen."""
    ground = room.ground
    return any(
        pile.item.kind == kind
        for y in range(player.y - VISION_Y, player.y + VISION_Y + 1)
        for x in range(player.x - VISION_X, player.x + VISION_X + 1)
        if inside(x, y) and (pile := ground.get(tile_index(x, y))) is not None
    )


def refuse(game: Game, player: Player, key: str, font: Font = Font.INFO) -> None:
    """Tell why something is not done, where there is something to tell."""
    if key:
        game.tell(player, key, font)
