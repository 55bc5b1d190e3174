from __future__ import annotations

from pyao.rules.character import UserId
from pyao.rules.guild import Alignment, Application, Guild
from pyao.world.guilds import Guilds


def guild(name: str, founder: int) -> Guild:
    who = UserId(founder)
    return Guild(name, Alignment.LEGAL, who, "Ana", 0, who, members={who: "Ana"})


def test_guilds_are_found_by_name_and_member() -> None:
    guilds = Guilds()
    faros, arcos = guild("Los Faros", 1), guild("Arcos", 2)
    guilds.add(faros)
    guilds.add(arcos)
    assert guilds.find(" los FAROS") is faros
    assert guilds.find("Torres") is None
    assert guilds.of(UserId(2)) is arcos
    assert guilds.names() == ["Arcos", "Los Faros"]
    assert (len(guilds), list(guilds)) == (2, [faros, arcos])
    assert guilds.founded_by(UserId(1))
    assert not guilds.founded_by(UserId(3))
    assert not guilds.dirty


def test_who_is_enrolled_applies_nowhere_and_who_is_struck_is_nowhere() -> None:
    guilds = Guilds()
    faros, arcos = guild("Los Faros", 1), guild("Arcos", 2)
    for each in (faros, arcos):
        guilds.add(each)
        each.applicants[UserId(3)] = Application("Bob", "")
    guilds.enrol(faros, UserId(3), "Bob")
    assert guilds.of(UserId(3)) is faros
    assert not faros.applicants
    assert not arcos.applicants
    assert guilds.dirty == {faros, arcos}
    guilds.strike(faros, UserId(3))
    assert guilds.of(UserId(3)) is None
    assert UserId(3) not in faros.members


def test_the_name_of_an_unreadable_guild_is_taken() -> None:
    guilds = Guilds()
    guilds.unreadable.add("torres")
    assert guilds.is_taken("TORRES ")
    assert not guilds.is_taken("Faros")
