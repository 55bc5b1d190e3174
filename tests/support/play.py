"""What a player might do next, at random: any packet a client at play sends, most with effect."""

from __future__ import annotations

import random
from collections.abc import Sequence

from pyao.protocol import client_packets as said
from pyao.protocol import client_social_packets as social
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


def some_packets(player: Player, roll: Roll, others: Sequence[str]) -> tuple[ClientPacket, ...]:
    """Return what a player might send in one frame: often one packet, sometimes several."""
    if roll.random() < 0.65:
        return (some_packet(player, roll),)
    slot, amount = roll.randint(1, 25), roll.choice((1, 1, 3, 10_000))
    place = near(player, roll)
    choices: tuple[tuple[int, tuple[ClientPacket, ...]], ...] = (
        (6, (said.CommerceStart(),)),
        (6, (said.BankStart(),)),
        (6, (said.CommerceBuy(roll.randint(1, 12), amount),)),
        (6, (said.CommerceSell(slot, amount),)),
        (6, (said.BankDeposit(slot, amount),)),
        (6, (said.BankExtractItem(roll.randint(1, 8), amount),)),
        (2, (said.MoveBank(roll.random() < 0.5, roll.randint(1, 8)),)),
        (2, (said.BankDepositGold(roll.randint(1, 900)),)),
        (2, (said.BankExtractGold(roll.randint(1, 900)),)),
        (3, (said.CommerceEnd(), said.BankEnd())),
        (3, (said.RequestPositionUpdate(),)),
        (2, (said.Home(),)),
        (2, (said.Heal(),)),
        (2, (said.TrainList(), said.Train(roll.randint(1, 3)))),
        (3, (said.CastSpell(roll.randint(1, 35)), said.Work(1), said.WorkLeftClick(*place, 1))),
        (3, (said.ModifySkills([int(roll.random() < 0.1) for _ in range(20)]),)),
        (1, (said.LeftClick(*place), said.PetFollow())),
        (1, (said.LeftClick(*place), said.ReleasePet())),
        (3, (said.LeftClick(*place), said.CommerceStart())),
        (1, (said.UserCommerceOffer(slot, 1, 1), said.UserCommerceConfirm())),
        (1, (said.UserCommerceOk(),)),
        (1, (said.MoveSpell(roll.random() < 0.5, roll.randint(1, 35)),)),
        (1, (said.Gamble(roll.choice((1, 50, 6_000))),)),
        (1, (social.PartyCreate(),)),
        (1, (said.LeftClick(*place), social.PartyJoin())),
        (1, (social.PartyAcceptMember(roll.choice(others)),)),
        (1, (social.Whisper(roll.choice(others), "psst"), social.Yell("eh"))),
    )
    weights = [weight for weight, _ in choices]
    return roll.choices([packets for _, packets in choices], weights)[0]


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
