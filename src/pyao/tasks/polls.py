"""The poll: read it, vote in it. The operator opens and closes it at the console."""

from __future__ import annotations

from pyao.protocol.client_social_packets import Inquiry, InquiryVote
from pyao.protocol.enums import Font
from pyao.rules.poll import VoteProblem
from pyao.tasks.task import on
from pyao.tasks.turn import Turn


@on(Inquiry, cost=7)
def inquiry(turn: Turn, _packet: Inquiry) -> None:
    """Show the running poll."""
    poll = turn.game.polls.current
    if poll is None:
        turn.tell(VoteProblem.NO_POLL.value, Font.GUILD)
        return
    turn.tell("poll.text", Font.GUILD, number=poll.number, text=poll.text)
    for number, option in enumerate(poll.options, 1):
        turn.tell("poll.option", Font.GUILD, number=number, option=option)
    turn.tell("poll.how", Font.GUILD)


@on(InquiryVote)
def inquiry_vote(turn: Turn, packet: InquiryVote) -> None:
    """Vote in the poll; a vote cannot be changed."""
    polls = turn.game.polls
    problem = polls.vote(turn.player, packet.option)
    if problem is not None:
        level = 0 if polls.current is None else polls.current.min_level
        turn.tell(problem.value, Font.GUILD, level=level)
        return
    turn.tell("poll.counted", Font.GUILD)
