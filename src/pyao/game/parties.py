"""Leaving a party, by wish or with the game; the rest of what parties do is in the tasks."""

from __future__ import annotations

from typing import Protocol

from pyao.protocol.enums import Font
from pyao.rules.party import Party
from pyao.world import Player, World


class Tell(Protocol):
    """Writes a text of the catalogue into one player's console."""

    def __call__(
        self, player: Player, key: str, /, font: Font = Font.INFO, **values: object
    ) -> None:
        """Write it."""
        ...


def tell_party(tell: Tell, party: Party[Player], key: str, /, **values: object) -> None:
    """Write a line into the console of everybody in a party."""
    for member in party.members:
        tell(member, key, font=Font.PARTY, **values)


def quit_party(tell: Tell, world: World, player: Player) -> None:
    """Take a player out of its party; one whose leader leaves is over."""
    party, player.party, player.asked = player.party, None, None
    if party is None:
        return
    if party.leader is not player:
        party.drop(player)
        tell_party(tell, party, "party.left", name=player.name)
        return
    tell_party(tell, party, "party.over")
    for member in party.members:
        member.party = None
    world.parties.discard(party)
