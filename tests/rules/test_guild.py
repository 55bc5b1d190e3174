from __future__ import annotations

import pytest
from tests.support.people import person, with_figures

from pyao.rules.character import UserId
from pyao.rules.guild import (
    APPLICANTS_MAX,
    CODEX_LINES,
    CODEX_MAX_CHARS,
    GUILDS_MAX,
    WEBSITE_MAX_CHARS,
    WORDS,
    Alignment,
    Application,
    FoundProblem,
    Guild,
    JoinProblem,
    MemberProblem,
    Texts,
    apply,
    check_application,
    check_founder,
    check_lead,
    check_leave,
    codex_of,
    fits,
    found,
    is_good_name,
    lines,
    may_found,
)
from pyao.rules.kinds import Faction, Privilege, Skill
from pyao.rules.person import Person

CRIME = 1_000_000  # of a bandit


def somebody(**figures: int) -> Person:
    return with_figures(person(skills={Skill.LEADERSHIP: 90}), {"level": 25, **figures})


def guild(alignment: Alignment = Alignment.LEGAL, name: str = "Faros") -> Guild:
    return found(somebody(user_id=9), name, alignment, 0, Texts("", "", []))


@pytest.mark.parametrize(
    ("figures", "state", "problem"),
    [
        ({}, {}, None),
        ({}, {"founded": True}, FoundProblem.FOUNDED),
        ({}, {"in_guild": True}, FoundProblem.IN_GUILD),
        ({"level": 24}, {}, FoundProblem.LEVEL),
        ({}, {"guilds": GUILDS_MAX}, FoundProblem.TOO_MANY),
    ],
)
def test_who_may_found_a_guild(
    figures: dict[str, int], state: dict[str, int], problem: FoundProblem | None
) -> None:
    known = {"in_guild": False, "founded": False, "guilds": 0, **state}
    assert check_founder(somebody(**figures), **known) is problem  # type: ignore[arg-type] # figures


def test_leadership_is_asked_of_founders() -> None:
    who = with_figures(person(skills={Skill.LEADERSHIP: 89}), {"level": 50})
    assert check_founder(who, in_guild=False, founded=False, guilds=0) is FoundProblem.LEADERSHIP


@pytest.mark.parametrize(
    ("alignment", "figures", "may"),
    [
        (Alignment.ROYAL, {"faction": Faction.ROYAL}, True),
        (Alignment.ROYAL, {}, False),
        (Alignment.EVIL, {"faction": Faction.CHAOS}, True),
        (Alignment.EVIL, {"bandit": CRIME}, False),
        (Alignment.NEUTRAL, {}, True),
        (Alignment.NEUTRAL, {"faction": Faction.ROYAL}, False),
        (Alignment.MASTERS, {}, False),
        (Alignment.MASTERS, {"privileges": Privilege.GOD}, True),
        (Alignment.LEGAL, {}, True),
        (Alignment.LEGAL, {"bandit": CRIME}, False),
        (Alignment.CRIMINAL, {"bandit": CRIME}, True),
        (Alignment.CRIMINAL, {}, False),
        (6, {}, False),
        (255, {}, False),
    ],
)
def test_a_founder_stands_for_the_alignment(
    alignment: int, figures: dict[str, int], *, may: bool
) -> None:
    assert may_found(somebody(**figures), alignment) is may


@pytest.mark.parametrize(
    ("alignment", "figures", "may"),
    [
        (Alignment.ROYAL, {"level": 24}, True),
        (Alignment.ROYAL, {"level": 25}, False),
        (Alignment.ROYAL, {"faction": Faction.ROYAL}, True),
        (Alignment.ROYAL, {"level": 24, "bandit": CRIME}, False),
        (Alignment.EVIL, {"level": 24, "bandit": CRIME}, True),
        (Alignment.EVIL, {"bandit": CRIME}, False),
        (Alignment.EVIL, {"bandit": CRIME, "faction": Faction.CHAOS}, True),
        (Alignment.NEUTRAL, {"bandit": CRIME}, True),
        (Alignment.NEUTRAL, {"faction": Faction.CHAOS}, False),
        (Alignment.LEGAL, {"faction": Faction.ROYAL}, True),
        (Alignment.LEGAL, {"bandit": CRIME}, False),
        (Alignment.CRIMINAL, {"bandit": CRIME}, True),
        (Alignment.CRIMINAL, {}, False),
        (Alignment.MASTERS, {"bandit": CRIME}, True),
    ],
)
def test_who_fits_a_guild(alignment: Alignment, figures: dict[str, int], *, may: bool) -> None:
    assert fits(somebody(**figures), alignment) is may


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("Los Faros", True),
        ("a", True),
        ("", False),
        ("  ", False),
        (" Faros", False),
        ("Los  Faros", False),
        ("Faros 2", False),
        ("Años", False),
        ("[b]", False),
        ("a" * 30, True),
        ("a" * 31, False),
    ],
)
def test_what_a_guild_may_be_called(name: str, *, good: bool) -> None:
    assert is_good_name(name) is good


def test_a_founder_leads_and_its_texts_are_bounded() -> None:
    who = somebody(user_id=4)
    texts = Texts("uno\ndos\0", "x" * 99, ["a\nb", "c" * 999, *["d"] * 9])
    made = found(who, "Faros", Alignment.NEUTRAL, 77, texts)
    assert (made.leader, made.leader_name, made.members) == (4, "Ana", {4: "Ana"})
    assert (made.description, len(made.website)) == ("uno\ndos", WEBSITE_MAX_CHARS)
    assert len(made.codex) == CODEX_LINES
    assert made.codex[:2] == ("ab", "c" * CODEX_MAX_CHARS)
    assert codex_of([]) == ("",) * CODEX_LINES
    assert lines("a" * 9, 4) == "aaaa"
    assert WORDS[Alignment.EVIL] == "Del Mal"


@pytest.mark.parametrize(
    ("figures", "in_guild", "problem"),
    [
        ({}, False, None),
        ({}, True, JoinProblem.IN_GUILD),
        ({"level": 12}, False, JoinProblem.NEWBIE),
        ({"bandit": CRIME}, False, JoinProblem.ALIGNMENT),
    ],
)
def test_who_may_apply(
    figures: dict[str, int], *, in_guild: bool, problem: JoinProblem | None
) -> None:
    assert check_application(somebody(**figures), guild(), in_guild=in_guild) is problem


def test_a_guild_has_few_applicants_and_one_applies_to_one_guild() -> None:
    who, first, second = somebody(), guild(), guild(name="Torres")
    assert check_application(who, None, in_guild=False) is JoinProblem.NO_GUILD
    first.applicants = {UserId(90 + n): Application("x", "") for n in range(APPLICANTS_MAX)}
    assert check_application(who, first, in_guild=False) is JoinProblem.FULL
    del first.applicants[UserId(90)]
    assert apply(who, first, "uno\n", [first, second]) == [first]
    assert check_application(who, first, in_guild=False) is None, "one may apply again"
    assert apply(who, second, "dos", [first, second]) == [second, first]
    assert who.user_id not in first.applicants
    assert second.applicants == {who.user_id: Application("Ana", "dos")}
    assert second.applicant("ANA ") == who.user_id
    assert second.applicant("Bob") is None


def test_leaders_lead_and_stay() -> None:
    one = guild()
    one.members[UserId(5)] = "Bob"
    assert one.member("bob") == 5
    assert check_lead(UserId(9), one) is None
    assert check_lead(UserId(5), one) is MemberProblem.NOT_LEADER
    assert check_lead(UserId(5), None) is MemberProblem.NO_GUILD
    assert check_leave(UserId(9), one) is MemberProblem.LEADS
    assert check_leave(UserId(5), one) is None
    assert check_leave(UserId(5), None) is MemberProblem.NO_GUILD
