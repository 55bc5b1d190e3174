"""What a player might do next, at random: any packet a client at play sends, most with effect."""

from __future__ import annotations

import random

from pyao.protocol import client_packets as said
from pyao.protocol.client_social_packets import Talk
from pyao.protocol.packet import ClientPacket
from pyao.world import Player

Roll = random.Random


def near(player: Player, roll: Roll) -> tuple[int, int]:
    """Return a tile near a player; often its own, or one beside it."""
    reach = roll.choice((0, 1, 1, 3, 8))
    x = player.x + roll.randint(-reach, reach)
    y = player.y + roll.randint(-reach, reach)
    return max(1, min(100, x)), max(1, min(100, y))


def some_packet(player: Player, roll: Roll) -> ClientPacket:
    """Return something a player might do."""
    slot = roll.randint(1, 26)
    choices: list[tuple[int, ClientPacket]] = [
        (5, said.ChangeHeading(roll.randint(1, 4))),
        (6, said.Attack()),
        (5, said.PickUp()),
        (5, said.Drop(slot, roll.choice((1, 5, 10_000)))),
        (1, said.Drop(31, roll.randint(1, 500))),
        (5, said.EquipItem(slot)),
        (5, said.UseItem(slot)),
        (2, said.Meditate()),
        (2, said.Rest()),
        (3, said.Work(roll.choice((1, 2, 7, 17)))),
        (5, said.CastSpell(roll.randint(1, 35))),
        (5, said.WorkLeftClick(*near(player, roll), roll.choice((1, 2, 12, 17, 18)))),
        (4, said.LeftClick(*near(player, roll))),
        (4, said.DoubleClick(*near(player, roll))),
        (2, said.SafeToggle()),
        (1, said.Resucitate()),
        (1, said.MoveItem(slot, roll.randint(1, 25), 1)),
        (3, Talk(roll.choice(("hola", "/nada", "[b]x[/b]", "")))),
        (1, said.Quit()),
    ]
    weights = [weight for weight, _ in choices]
    return roll.choices([packet for _, packet in choices], weights)[0]
