"""What /ayuda shows: the commands that are answered here, few lines with many on each.

The client's console keeps ten paragraphs, so a line for each command would push the first ones out.
"""

from __future__ import annotations

from typing import Final

from pyao.protocol.client_packets import (
    BankDepositGold,
    BankExtractGold,
    BankStart,
    BugReport,
    ChangeDescription,
    ChangePassword,
    CommerceStart,
    Gamble,
    Heal,
    Help,
    Home,
    Meditate,
    Online,
    PetFollow,
    PetStand,
    Ping,
    Quit,
    ReleasePet,
    RequestAccountState,
    RequestMotd,
    RequestStats,
    Rest,
    Resucitate,
    ShareNpc,
    StopSharingNpc,
    TrainList,
    Uptime,
)
from pyao.protocol.client_social_packets import (
    CouncilMessage,
    Denounce,
    Enlist,
    GmRequest,
    GuildFundate,
    GuildLeave,
    GuildMessage,
    GuildOnline,
    Information,
    Inquiry,
    LeaveFaction,
    PartyAcceptMember,
    PartyCreate,
    PartyJoin,
    PartyKick,
    PartyLeave,
    PartyMessage,
    PartyOnline,
    PartySetLeader,
    Punishments,
    Reward,
    Whisper,
    Yell,
)
from pyao.protocol.enums import Font
from pyao.protocol.packet import Packet
from pyao.protocol.server_packets import ConsoleMsg
from pyao.protocol.text import neutralise_bbcode
from pyao.tasks.commands import COMMANDS, PlayerCaller
from pyao.tasks.task import TASK_HANDLERS, on
from pyao.tasks.turn import Turn

Group = dict[str, type[Packet]]

# Heading -> how each command is called in the catalogue, and the packet the client makes of it.
GROUPS: Final[dict[str, Group]] = {
    "talk": {"yell": Yell, "whisper": Whisper, "council": CouncilMessage},
    "general": {
        "help": Help,
        "online": Online,
        "stats": RequestStats,
        "motd": RequestMotd,
        "uptime": Uptime,
        "ping": Ping,
        "description": ChangeDescription,
        "password": ChangePassword,
        "quit": Quit,
    },
    "life": {
        "meditate": Meditate,
        "rest": Rest,
        "heal": Heal,
        "resuscitate": Resucitate,
        "home": Home,
    },
    "trade": {
        "trade": CommerceStart,
        "vault": BankStart,
        "deposit": BankDepositGold,
        "withdraw": BankExtractGold,
        "balance": RequestAccountState,
        "gamble": Gamble,
    },
    "creatures": {
        "train": TrainList,
        "stand": PetStand,
        "follow": PetFollow,
        "release": ReleasePet,
        "share": ShareNpc,
        "stop_sharing": StopSharingNpc,
    },
    "faction": {
        "enlist": Enlist,
        "information": Information,
        "reward": Reward,
        "leave_faction": LeaveFaction,
    },
    "party": {
        "party_create": PartyCreate,
        "party_join": PartyJoin,
        "party_accept": PartyAcceptMember,
        "party_message": PartyMessage,
        "party_online": PartyOnline,
        "party_leader": PartySetLeader,
        "party_kick": PartyKick,
        "party_leave": PartyLeave,
    },
    "guild": {
        "guild_found": GuildFundate,
        "guild_message": GuildMessage,
        "guild_online": GuildOnline,
        "guild_leave": GuildLeave,
    },
    "staff": {
        "staff": GmRequest,
        "denounce": Denounce,
        "bug": BugReport,
        "punishments": Punishments,
        "poll": Inquiry,
    },
}


@on(Help, cost=10)
def help_(turn: Turn, _packet: Help) -> None:
    """List the commands one can type."""
    for line in turn.game.world.data.help or own_commands(turn):
        turn.reply(ConsoleMsg(line, Font.INFO))
    more = {name: turn.text(f"command.own.{name}") for name in COMMANDS}
    for command in turn.game.commands.visible(PlayerCaller(turn)):
        more[command.name] = command.help
    if more:
        usages = (f"/{name}: {about}" if about else f"/{name}" for name, about in more.items())
        line = f"{turn.text('command.group.more')}: {'; '.join(usages)}"
        turn.reply(ConsoleMsg(neutralise_bbcode(line), Font.INFO))
    if turn.player.staff:
        turn.tell("gm.help")


def own_commands(turn: Turn) -> list[str]:
    """Return a line for each group of commands of which some are answered."""
    lines = []
    for heading, commands in GROUPS.items():
        answered = [name for name, packet in commands.items() if packet.key in TASK_HANDLERS]
        if answered:
            usages = (turn.text(f"command.help.{name}") for name in answered)
            lines.append(f"{turn.text(f'command.group.{heading}')}: {', '.join(usages)}")
    return lines
