"""Betting with a gambler (/apostar), and what staff may ask of it (/balance)."""

from __future__ import annotations

from dataclasses import asdict

from pyao.content.npcs import NpcKind
from pyao.game import Game
from pyao.game.own_data import GAMBLING_HOUSE
from pyao.protocol.client_packets import Gamble
from pyao.rules import gambling
from pyao.rules.gambling import GAMBLER_RANGE, BetProblem, House
from pyao.rules.inventory import GOLD_ITEM
from pyao.rules.kinds import NpcRole
from pyao.storage.ledger import NOBODY, of_player
from pyao.tasks.belongings import show_gold
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.tasks.windows import find_townsman, say
from pyao.world.npc import Npc

SPEECHLESS = frozenset({NpcRole.COMMON, NpcRole.DRAGON, NpcRole.PRETORIAN})


def is_gambler(kind: NpcKind) -> bool:
    """Tell whether a townsman takes bets."""
    return kind.role == NpcRole.GAMBLER


@on(Gamble, alive=True)
def gamble(turn: Turn, packet: Gamble) -> None:
    """Bet with the clicked gambler, else with the nearest in view."""
    player, clicked = turn.player, turn.player.clicked
    if (
        isinstance(clicked, Npc)
        and not is_gambler(clicked.kind)
        and clicked.kind.role not in SPEECHLESS
    ):
        say(turn, clicked, "gamble.not_here")
        return
    gambler = find_townsman(turn, is_gambler, GAMBLER_RANGE)
    if gambler is None:
        return
    change = gambling.bet(player, packet.amount, turn.game.roll)
    if isinstance(change, BetProblem):
        say(turn, gambler, change.value, most=gambling.BET_MAX)
        return
    say(turn, gambler, "gamble.won" if change > 0 else "gamble.lost", gold=abs(change))
    show_gold(turn.game, player)
    house = house_of(turn.game)
    house.settle(change)
    turn.game.changes.saved_data.put(
        *GAMBLING_HOUSE, {name: str(value) for name, value in asdict(house).items()}
    )
    mine = of_player(player.user_id)
    source, target = (NOBODY, mine) if change > 0 else (mine, NOBODY)
    amount = abs(change)
    turn.game.changes.record("bet", player, GOLD_ITEM, amount, source=source, target=target)
    turn.game.changes.snapshot()


def house_of(game: Game) -> House:
    """Return what all gamblers together have won and lost, kept beside what modules remember."""
    kept = game.changes.saved_data.get(*GAMBLING_HOUSE)
    return House(**{name: int(value) for name, value in kept.items()})


def tell_house(turn: Turn, gambler: Npc) -> None:
    """Let a gambler say how business is."""
    house = house_of(turn.game)
    net = house.won - house.lost
    percent = round(100 * net / house.won) if house.won else 0
    say(turn, gambler, "gamble.house", **asdict(house), net=net, percent=percent)
