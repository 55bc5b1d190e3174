from __future__ import annotations

from tests.support.magic import lowers, raises
from tests.support.minds import at, sight, user
from tests.support.vectors import lowest

from pyao.content.npcs import NpcKind
from pyao.content.spells import Spell
from pyao.rules.creature import Creature
from pyao.rules.instincts import CastSpell, Hit, Step
from pyao.rules.kinds import Heading, Movement, NpcRole
from pyao.rules.npcs import think

E = Heading.EAST
FREE, CURE, MEND, STORM, ROOT, EYE, ARROW, STUN = (
    Spell(number=10, target=3, frees=True),
    Spell(number=1, target=1, cures_poison=True),
    Spell(number=5, target=3, hp=raises(12, 35)),
    Spell(number=36, target=3, hp=lowers(65, 95)),
    Spell(number=39, paralyses=True),
    Spell(number=38, reveals=True),
    Spell(number=37, target=3, hp=lowers(130, 160)),
    Spell(number=31, target=1, stuns=True),
)
SPELLS = (FREE, CURE, MEND, STORM, ROOT, EYE, ARROW, STUN)


def clansman(movement: Movement, *spells: Spell, x: int = 50, y: int = 50) -> Creature:
    kind = NpcKind(
        number=900,
        role=NpcRole.PRETORIAN,
        movement=movement,
        hostile=True,
        alignment=2,
        max_hp=100,
        max_hit=9,
        spells=tuple(spell.number for spell in spells),
    )
    return at(kind, x, y)


def test_a_healer_frees_cures_and_mends_its_clan_before_it_harms() -> None:
    healer = clansman(Movement.CLAN_HEALER, FREE, CURE, MEND, STORM)
    ally, prey = clansman(Movement.CLAN_SWORDSMAN, x=52), user(55, 50)

    def cast() -> list[object]:
        healer.can_attack = True
        return [*think(healer, sight(prey, beasts=(healer, ally), spells=SPELLS, roll=lowest))]

    ally.paralysed, ally.poisoned, ally.hp = True, True, 49
    assert cast() == [CastSpell(FREE.number, ally)]
    ally.paralysed = False
    assert cast() == [CastSpell(CURE.number, ally)]
    ally.poisoned = False
    assert cast() == [CastSpell(MEND.number, ally)]
    ally.hp = 50
    assert cast() == [CastSpell(STORM.number, prey)]


def test_a_healer_roots_pets_and_hits_who_comes_too_near() -> None:
    healer = clansman(Movement.CLAN_HEALER, ROOT)
    pet = at(master=7, x=53)
    assert think(healer, sight(beasts=(healer, pet), spells=SPELLS, roll=lowest)) == [
        CastSpell(ROOT.number, pet)
    ]
    healer.can_attack = True
    mender = clansman(Movement.CLAN_HEALER)
    assert think(mender, sight(beasts=(mender, pet), spells=SPELLS, roll=lowest)) == []
    pet.paralysed = True
    prey = user(51, 50)
    assert think(healer, sight(prey, beasts=(healer, pet), spells=SPELLS)) == [Hit(prey)]


def test_a_caster_brings_the_unseen_to_light_first() -> None:
    caster = clansman(Movement.CLAN_CASTER, STORM, EYE)
    unseen, prey = user(52, 50, 1, invisible=1), user(54, 50, 2)
    seen = sight(unseen, prey, beasts=(caster,), spells=SPELLS, roll=lowest)
    assert think(caster, seen) == [CastSpell(EYE.number, unseen)]
    caster.can_attack = True
    alone = sight(prey, beasts=(caster,), spells=SPELLS, roll=lowest)
    assert think(caster, alone) == [CastSpell(STORM.number, prey)]


def test_an_archer_shoots_the_farthest_and_keeps_its_distance() -> None:
    archer = clansman(Movement.CLAN_ARCHER, ARROW)
    near, far = user(48, 50, 1), user(57, 50, 2)
    assert think(archer, sight(near, far, spells=SPELLS, roll=lowest)) == [
        CastSpell(ARROW.number, far),
        Step(E),
    ]
    assert think(archer, sight(spells=SPELLS)) == []


def test_a_swordsman_hits_and_goes_the_shortest_way() -> None:
    swordsman, prey = clansman(Movement.CLAN_SWORDSMAN), user(53, 50)
    assert think(swordsman, sight(prey)) == [Step(E)]
    swordsman.x = 52
    assert think(swordsman, sight(prey)) == [Hit(prey)]


def test_a_king_dazes_users_once_and_fights_when_it_is_the_last() -> None:
    king = clansman(Movement.CLAN_KING, STUN)
    guard, prey = clansman(Movement.CLAN_HEALER, x=49), user(53, 50)
    clan = sight(prey, beasts=(king, guard), spells=SPELLS, roll=lowest)
    assert think(king, clan) == [CastSpell(STUN.number, prey)]
    king.can_attack = True
    prey.stunned = True
    assert think(king, clan) == []
    last = sight(prey, beasts=(king,), spells=SPELLS, roll=lowest)
    assert Step(E) in think(king, last)


def test_an_attacked_pretorian_goes_on_with_what_its_clan_needs() -> None:
    healer = clansman(Movement.CLAN_HEALER, MEND)
    healer.provoke(7)
    assert healer.movement == Movement.CLAN_HEALER
