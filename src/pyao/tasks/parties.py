"""Parties over the wire: found, ask, admit, leave, expel, lead, list, talk, share a creature."""

from __future__ import annotations

from pyao.game import Game
from pyao.game.parties import quit_party, tell_party
from pyao.protocol.client_packets import ShareNpc, StopSharingNpc
from pyao.protocol.client_social_packets import (
    PartyAcceptMember,
    PartyCreate,
    PartyJoin,
    PartyKick,
    PartyLeave,
    PartyMessage,
    PartyOnline,
    PartySetLeader,
    RequestPartyForm,
)
from pyao.protocol.enums import Font
from pyao.rules import party as rules
from pyao.rules.kinds import Faction
from pyao.rules.party import Party, PartyProblem, Share
from pyao.tasks.chat import spoken
from pyao.tasks.task import on
from pyao.tasks.turn import Turn
from pyao.world import Player


@on(PartyCreate, alive=True)
def party_create(turn: Turn, _packet: PartyCreate) -> None:
    """Found a party and lead it."""
    player, parties = turn.player, turn.world.parties
    in_party = player.party is not None
    problem = rules.check_create(player, in_party=in_party, parties=len(parties))
    if problem is not None:
        refuse(turn, problem)
        return
    player.party = Party([Share(player)])
    parties.add(player.party)
    turn.tell("party.founded", Font.PARTY)


@on(PartyJoin, alive=True)
def party_join(turn: Turn, _packet: PartyJoin) -> None:
    """Ask the leader one clicked to be admitted."""
    player, leader = turn.player, turn.player.clicked
    party = leader.party if isinstance(leader, Player) else None
    leads = party is not None and party.leader is leader and in_world(turn.game, party.leader)
    problem = rules.check_ask(player, in_party=player.party is not None, leads=leads)
    if problem is not None or party is None:
        refuse(turn, problem or PartyProblem.NO_LEADER)
        return
    player.asked = party
    turn.tell("party.asked", Font.PARTY, name=party.leader.name)
    turn.game.tell(party.leader, "party.asks", Font.PARTY, name=player.name)


@on(PartyAcceptMember)
def party_accept_member(turn: Turn, packet: PartyAcceptMember) -> None:
    """Admit somebody who asked."""
    player, party = turn.player, turn.player.party
    target = turn.world.find(packet.username)
    if party is None:
        refuse(turn, PartyProblem.NO_PARTY)
        return
    if target is None:
        turn.tell("chat.not_online", name=packet.username)
        return
    asked, in_party = target.asked is party, target.party is not None
    problem = rules.check_admit(party, player, target, asked=asked, in_party=in_party)
    if problem is not None:
        refuse(turn, problem)
        return
    target.party, target.asked = party, None
    party.shares.append(Share(target))
    tell_party(turn.game.tell, party, "party.joined", name=target.name)


@on(PartyLeave)
def party_leave(turn: Turn, _packet: PartyLeave) -> None:
    """Leave the party; when its leader does, it is over."""
    if turn.player.party is None:
        refuse(turn, PartyProblem.NO_PARTY)
        return
    leads = turn.player.party.leader is turn.player
    quit_party(turn.game.tell, turn.world, turn.player)
    if not leads:
        turn.tell("party.you_left", Font.PARTY)


@on(PartyKick)
def party_kick(turn: Turn, packet: PartyKick) -> None:
    """Expel a member."""
    member = led_member(turn, packet.username)
    if member is not None and member is not turn.player:
        quit_party(turn.game.tell, turn.world, member)
        turn.game.tell(member, "party.expelled", Font.PARTY)


@on(PartySetLeader)
def party_set_leader(turn: Turn, packet: PartySetLeader) -> None:
    """Hand the party to another member who lives."""
    member = led_member(turn, packet.username)
    if member is None or member is turn.player or member.party is None:
        return
    if member.dead:
        refuse(turn, PartyProblem.TARGET_DEAD)
        return
    member.party.lead(member)
    tell_party(turn.game.tell, member.party, "party.leads", name=member.name)


@on(PartyOnline)
def party_online(turn: Turn, _packet: PartyOnline) -> None:
    """List the members with what each has earned by the party."""
    party = turn.player.party
    if party is None:
        refuse(turn, PartyProblem.NO_PARTY)
        return
    names = ", ".join(f"{share.who.name} ({share.earned})" for share in party.shares)
    total = sum(share.earned for share in party.shares)
    turn.tell("party.members", Font.PARTY, names=names, total=total)


@on(RequestPartyForm)
def request_party_form(turn: Turn, _packet: RequestPartyForm) -> None:
    """List the members in the console too: the Godot client cannot parse the window's packet."""
    party_online(turn, PartyOnline())


@on(PartyMessage)
def party_message(turn: Turn, packet: PartyMessage) -> None:
    """Speak to the party, wherever its members are."""
    party = turn.player.party
    if party is None:
        refuse(turn, PartyProblem.NO_PARTY)
        return
    text = spoken(turn, packet.text, "party")
    if text:
        tell_party(turn.game.tell, party, "party.said", name=turn.player.name, text=text)


@on(ShareNpc, alive=True)
def share_npc(turn: Turn, _packet: ShareNpc) -> None:
    """Let the clicked player fight the creatures that are one's own for the moment."""
    player, other = turn.player, turn.player.clicked
    if not isinstance(other, Player) or other is player or not in_world(turn.game, other):
        turn.tell("action.no_target")
        return
    enemies = Faction.NONE not in (player.faction, other.faction)
    enemies = enemies and player.faction is not other.faction
    if other.staff or enemies or (other.criminal and not player.criminal):
        turn.tell("share.refused")
        return
    player.shares_with = other.user_id
    turn.tell("share.begun", name=other.name)
    turn.game.tell(other, "share.offered", name=player.name)


@on(StopSharingNpc, alive=True)
def stop_sharing_npc(turn: Turn, _packet: StopSharingNpc) -> None:
    """Keep one's creatures for oneself again."""
    other = turn.player.shares_with
    if other is None:
        turn.tell("share.none")
        return
    turn.player.shares_with = None
    turn.tell("share.ended")
    friend = turn.world.players.get(other)
    if friend is not None:
        turn.game.tell(friend, "share.withdrawn", name=turn.player.name)


def led_member(turn: Turn, name: str) -> Player | None:
    """Return the member of the party that the player leads; tell why there is none."""
    party, member = turn.player.party, turn.world.find(name)
    if party is None:
        refuse(turn, PartyProblem.NO_PARTY)
    elif party.leader is not turn.player:
        refuse(turn, PartyProblem.NOT_LEADER)
    elif member is None or member.party is not party:
        refuse(turn, PartyProblem.NOT_MEMBER)
    else:
        return member
    return None


def in_world(game: Game, player: Player) -> bool:
    """Tell whether one that was clicked some time ago is still in the game."""
    return game.world.players.get(player.user_id) is player


def refuse(turn: Turn, problem: PartyProblem) -> None:
    """Tell why something about parties is not done."""
    turn.tell(problem.value, Font.PARTY)
