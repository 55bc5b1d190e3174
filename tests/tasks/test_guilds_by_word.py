from __future__ import annotations

from tests.support.dealing import Dealing, told, values
from tests.support.fellows import NAME, guild_of

from pyao.protocol import client_social_packets as said


async def test_a_leader_without_buttons_leads_by_word(fellows: Dealing) -> None:
    apply = said.GuildRequestMembership(NAME, "por favor")
    await fellows.send(fellows.bob, apply)
    await fellows.send(fellows.eva, apply)
    for words in ("/solicitud bob", "/admitir Bob", "/denegar eva: hoy no", "/miembro bob"):
        await fellows.say(fellows.ana, words)
    assert "Bob escribe: por favor" in told(fellows.ana)
    assert "Bob: nivel 25" in told(fellows.ana)
    assert "no te ha admitido. hoy no" in told(fellows.eva)
    assert list(guild_of(fellows).members) == [1, 2]
    await fellows.say(fellows.ana, "/expulsar bob")
    assert list(guild_of(fellows).members) == [1]
    await fellows.say(fellows.ana, "/noticiasclan")
    assert values(fellows.ana, 73) == [("", [""], [""])]
