"""/mod and its kin: fields, bounds, rights, value with its line, characters that are away."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs
from tests.support.by_hand import check_ledger
from tests.tasks.conftest import BeginCourt, Court

from pyao.events import EventTypes
from pyao.protocol.gm_packets import GmAlterPassword, GmEditChar
from pyao.rules.kinds import CharClass, Gender, Privilege, Race
from pyao.rules.vault import BANK_GOLD_MAX

P = Privilege.PLAYER
STATUS = 89


async def test_gold_is_set_with_its_line(court: Court) -> None:
    await court.order("/mod Ana ORO 5000")
    assert court.player.gold == 5000
    await court.order(GmEditChar("Ana", 1, "200", ""))
    assert court.player.gold == 200
    await court.order("/mod Ana AGREGAR 77")
    await court.order("/mod Ana AGREGAR -100")
    assert court.player.bank_gold == 0
    assert "0 gold coins" in await court.heard()
    rows = await court.audited("gm mod")
    moved = [row["amount"] for row in rows if "item" in row]
    assert sorted(moved) == ["4800", "5000", "77", "77"]
    await check_ledger(court.running.app)


@pytest.mark.parametrize(
    ("words", "field", "value"),
    [
        ("HEAD 12", "head", 12),
        ("CIU 7", "citizens_killed", 7),
        ("CRI 8", "criminals_killed", 8),
        ("LEVEL 30", "level", 30),
        ("CLASE MAGO", "char_class", CharClass.MAGE),
        ("SKILLSLIBRES 44", "free_skill_points", 44),
        ("NOB 6000", "noble", 6000),
        ("ASE 10", "assassin", 10),
        ("SEX MUJER", "gender", Gender.FEMALE),
        ("RAZA ELFO+OSCURO", "race", Race.DROW),
    ],
)
async def test_a_field_is_changed_and_one_out_of_bounds_is_not(
    court: Court, words: str, field: str, value: int
) -> None:
    assert "is changed" in await court.order(f"/mod Ana {words}")
    assert getattr(court.player, field) == value
    name = words.split(maxsplit=1)[0]
    assert "cannot be" in await court.order(f"/mod Ana {name} 99999999999")
    assert getattr(court.player, field) == value


async def test_skills_life_body_experience_and_place(court: Court) -> None:
    await court.order("/mod Ana SKILLS MAGIC 90")
    assert court.player.skills[0] == 90
    assert "may not give" in await court.order("/mod Ana VIDA 500")
    await court.order("/mod YO VIDA 500")
    assert (court.master.hp, court.master.max_hp) == (500, 500)
    await court.order("/mod Ana BODY 10")
    assert court.player.look.body == 10
    await court.order("/mod Ana EXP 1000")
    assert court.player.level > 1
    await court.order("/mod Ana POSS 2-40-60")
    assert (court.player.map, court.player.x, court.player.y) == (2, 40, 60)
    assert "Fields of /mod" in await court.order(GmEditChar("Ana", 99, "1", ""))


async def test_a_character_that_is_away_is_changed_in_the_store(court: Court) -> None:
    court.game.leave(court.player)
    await court.ana.until_closed()
    assert "is changed" in await court.order("/mod Ana ORO 900")
    assert "not in the game" in await court.order("/mod Ana EXP 900")
    again = await court.running.connect()
    await again.enter("Ana")
    assert court.player.gold == 900
    await check_ledger(court.running.app)


async def test_what_was_changed_of_one_away_is_what_it_comes_in_with(court: Court) -> None:
    court.player.citizens_killed = 5
    court.game.leave(court.player)
    await court.ana.until_closed()
    assert "begins anew" in await court.order("/rajar Ana")
    again = await court.running.connect()
    await again.enter("Ana")
    assert court.player.citizens_killed == 0


async def test_two_changes_of_one_away_both_hold(court: Court) -> None:
    other = await court.running.newcomer("Merlin")
    court.rank("god", of="Merlin")
    court.game.leave(court.player)
    await court.ana.until_closed()
    await court.game.writer.drain(5)
    court.gm.talk("/mod Ana ORO 500")
    other.talk("/mod Ana AGREGAR 70")
    await court.gm.settle()
    await other.settle()
    again = await court.running.connect()
    await again.enter("Ana")
    assert (court.player.gold, court.player.bank_gold) == (500, 70)
    await check_ledger(court.running.app)


async def test_a_vault_holds_no_more_than_the_client_can_show(court: Court) -> None:
    court.player.bank_gold = BANK_GOLD_MAX - 10
    assert "cannot be" in await court.order("/mod Ana AGREGAR 11")
    assert court.player.bank_gold == BANK_GOLD_MAX - 10


async def test_life_is_given_to_the_dead_by_revivir_alone(court: Court) -> None:
    court.master.hp = 0
    assert "cannot be" in await court.order("/mod YO VIDA 500")
    assert court.master.dead


async def test_a_changed_good_name_has_its_colour_at_once(court: Court) -> None:
    await court.heard()
    await court.order("/mod Ana ASE 6000000")
    assert court.player.criminal
    assert STATUS in [packet.id for packet in await court.ana.settle()]


async def test_revivir_gives_life_and_all_of_it(court: Court) -> None:
    await court.order("/ejecutar Ana")
    assert court.player.dead
    await court.order("/revivir Ana")
    assert court.player.hp == court.player.max_hp > 0
    assert "Gandalf has given you life" in await court.heard()


async def test_a_new_password_is_told_once_and_works(court: Court) -> None:
    court.game.leave(court.player)
    await court.ana.until_closed()
    told = await court.order("/apass Ana@Gandalf")
    word = told.split(" is now ")[1].split(";")[0]
    again = await court.running.connect()
    await again.enter("Ana", word)
    rows = await court.audited("gm apass")
    assert word not in str(rows)


async def test_a_mail_address_is_changed(court: Court) -> None:
    await court.order("/aemail Ana-ana@example.org")
    assert "ana@example.org" in await court.order("/lastemail Ana")


async def test_a_character_is_renamed_when_it_is_away_and_the_name_free(court: Court) -> None:
    assert "must not be in the game" in await court.order("/aname Ana@Berta")
    court.game.leave(court.player)
    await court.ana.until_closed()
    assert "taken or not allowed" in await court.order("/aname Ana@Gandalf")
    assert "is called Berta" in await court.order("/aname Ana@Berta")
    again = await court.running.connect()
    await again.enter("Berta")
    assert court.world.find("Berta") is not None
    assert court.world.find("Ana") is None


async def test_a_counsellor_changes_nobody_else(begin_court: BeginCourt) -> None:
    court = await begin_court("counsellor")
    assert "may not give the order" in await court.order("/mod Ana ORO 5")
    assert court.player.gold == 0


async def test_nobody_is_changed_by_a_lower_rank_in_the_game_or_away(court: Court) -> None:
    await court.game.accounts.set_privileges("Ana", int(P | Privilege.ADMIN))
    court.rank("admin", of="Ana")
    for order in ("/mod Ana ORO 5", "/rajar Ana", "/conden Ana", "/advertencia Ana@x"):
        assert "too high a rank" in await court.order(order)
    court.player.privileges = int(P)  # of this session; the store has the truth
    court.game.leave(court.player)
    await court.ana.until_closed()
    for order in ("/mod Ana ORO 5", "/aname Ana@Berta", "/rajar Ana", "/advertencia Ana@x"):
        assert "too high a rank" in await court.order(order)
    assert not court.game.book.penalties


async def test_gods_that_are_away_are_hidden_from_lower_ranks(court: Court) -> None:
    await court.game.accounts.set_privileges("Ana", int(P | Privilege.GOD))
    court.game.leave(court.player)
    await court.ana.until_closed()
    court.rank("demigod")
    assert "no character" in await court.order("/donde Ana")
    assert "no character" in await court.order("/lastip Ana")


@pytest.mark.parametrize("rank", [Privilege.GOD, Privilege.ADMIN])
async def test_keys_of_the_own_rank_or_a_higher_one_are_not_changed(
    court: Court, rank: Privilege
) -> None:
    await court.game.accounts.set_privileges("Ana", int(P | rank))
    court.rank("god", Privilege.ROYAL_COUNCIL)  # a mark makes no rank higher
    assert "too high a rank" in await court.order("/apass Ana@Gandalf")
    assert "too high a rank" in await court.order("/aemail Ana-mine@example.org")
    account = await court.game.accounts.read("Ana")
    assert account is not None
    assert account.email != "mine@example.org"


async def test_one_of_a_council_gets_a_new_password(court: Court) -> None:
    await court.game.accounts.set_privileges("Ana", int(P | Privilege.ROYAL_COUNCIL))
    assert " is now " in await court.order("/apass Ana@Gandalf")


async def test_what_is_typed_after_a_name_of_apass_is_written_nowhere(court: Court) -> None:
    with capture_logs() as logs:
        await court.order("/apass Ana@wordofmine")
        await court.order(GmAlterPassword("Ana", "wordofmine"))
    assert "wordofmine" not in str(await court.audited("gm apass"))
    assert "wordofmine" not in str([line for line in logs if line["event"] == "gm_order"])
    assert "wordofmine" not in GmAlterPassword("Ana", "wordofmine").describe()


async def test_the_password_apass_makes_is_told_once_and_written_nowhere(
    begin_court: BeginCourt,
) -> None:
    court = await begin_court(log_level="DEBUG", log_packets=True)
    with capture_logs() as logs:
        answers = [
            await court.order("/apass Ana@wordofmine"),
            await court.order(GmAlterPassword("Ana", "wordofmine")),
        ]
    words = [answer.partition(" is now ")[2].partition(";")[0] for answer in answers]
    assert all(words)
    assert "GM_COMMANDS.ALTER_PASSWORD username='Ana' copy_from=***" in str(logs)
    assert "CONSOLE_MSG ***" in str(logs)
    used = [event.data for event in court.game.events.get_event_history(EventTypes.COMMAND_USED)]
    assert "apass" in str(used)
    written = [str(logs), str(used), str(await court.audited("gm apass"))]
    assert not [word for word in (*words, "wordofmine") if any(word in text for text in written)]
