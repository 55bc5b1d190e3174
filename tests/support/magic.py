"""Spells for tests of rules, made of the records that content loads."""

from __future__ import annotations

from pyao.content.spells import Change, Spell
from pyao.rules.kinds import Direction, SpellTarget

BOTH = SpellTarget.USER_OR_NPC


def raises(low: int, high: int) -> Change:
    """Raise a property by so much."""
    return Change(Direction.RAISE, low, high)


def lowers(low: int, high: int) -> Change:
    """Lower a property by so much."""
    return Change(Direction.LOWER, low, high)


ANTIDOTE = Spell(number=1, target=1, min_skill=10, mana=12, stamina=1, cures_poison=True)
DART = Spell(number=2, target=BOTH, min_skill=6, mana=10, stamina=1, hp=lowers(3, 5))
CURE = Spell(number=5, target=BOTH, min_skill=38, mana=40, stamina=5, hp=raises(12, 35))
TOXIN = Spell(number=4, target=BOTH, min_skill=20, mana=24, stamina=3, poisons=True)
PARALYSE = Spell(number=9, target=BOTH, min_skill=60, mana=450, stamina=65, paralyses=True)
FREE = Spell(number=10, target=BOTH, min_skill=45, mana=300, stamina=44, frees=True)
RESURRECT = Spell(
    number=11, target=1, min_skill=75, mana=550, stamina=400, revives=True, staff_power=2
)
STARVE = Spell(number=12, target=1, min_skill=5, mana=20, stamina=2, hunger=lowers(20, 50))
INVISIBILITY = Spell(number=14, target=1, min_skill=87, mana=500, stamina=72, invisibility=True)
CALL = Spell(
    number=16, target=4, min_skill=40, mana=120, stamina=16, summons=True, creature=512, count=2
)
CELERITY = Spell(number=18, target=1, min_skill=20, mana=40, stamina=5, agility=raises(2, 5))
CLUMSINESS = Spell(number=19, target=1, min_skill=20, mana=20, stamina=2, agility=lowers(2, 5))
STRENGTH = Spell(number=20, target=1, min_skill=35, mana=50, stamina=6, strength=raises(2, 5))
WEAKNESS = Spell(number=21, target=1, min_skill=35, mana=45, stamina=6, strength=lowers(2, 5))
DISCHARGE = Spell(
    number=23,
    target=BOTH,
    min_skill=85,
    mana=460,
    stamina=67,
    hp=lowers(55, 85),
    staff_affected=True,
)
IMMOBILISE = Spell(number=24, target=BOTH, min_skill=60, mana=300, stamina=44, immobilises=True)
APOCALYPSE = Spell(number=25, target=BOTH, min_skill=100, mana=1000, hp=lowers(85, 100))
BLIND = Spell(number=30, target=1, blinds=True)
STUN = Spell(number=31, target=1, min_skill=30, mana=800, stamina=76, stuns=True)
UNSTUN = Spell(number=41, target=1, min_skill=45, mana=350, stamina=44, ends_stun=True)
MIMICRY = Spell(number=42, target=BOTH, min_skill=75, mana=800, stamina=44, mimics=True)
EYE = Spell(number=43, target=4, reveals=True)
PET = Spell(number=46, target=4, stamina=131, calls_pet=True)
