from __future__ import annotations

from tests.support.dealing import Dealing, told

from pyao.protocol import client_social_packets as said


async def test_a_poll_is_read_and_voted_in_once(dealing: Dealing) -> None:
    polls = dealing.running.app.game.polls
    await dealing.send(dealing.ana, said.Inquiry(), said.InquiryVote(1))
    assert told(dealing.ana).count("No hay ninguna encuesta") == 2
    polls.open("Mas peces?", ("si", "no"), 2)
    dealing.b.level = 2
    await dealing.send(dealing.bob, said.Inquiry(), said.InquiryVote(2), said.InquiryVote(1))
    assert "Encuesta 1: Mas peces?\n1. si\n2. no\n" in told(dealing.bob)
    assert "Tu voto ha sido contado" in told(dealing.bob)
    assert "Ya has votado" in told(dealing.bob)
    await dealing.send(dealing.ana, said.InquiryVote(1))
    assert "al menos de nivel 2" in told(dealing.ana)
    assert polls.current is not None
    assert (polls.current.count(1), polls.current.count(2)) == (0, 1)
