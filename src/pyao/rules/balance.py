"""The figures of races and classes, with those of classic 0.13 as defaults.

Rules take a `RaceFigures` or `ClassFigures` as an argument; content may load others into the same
dataclasses. Source: Balance.dat of ao-libre/ao-server, equal to the 0.13.0 file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pyao.rules.kinds import CharClass, Gender, Race


@dataclass(frozen=True, slots=True, kw_only=True)
class RaceFigures:
    """What a race adds to the dice, how it looks, and what it wears on its first day."""

    strength: int = 0
    agility: int = 0
    intelligence: int = 0
    charisma: int = 0
    constitution: int = 0
    small: bool = False
    heads_male: tuple[int, int]
    heads_female: tuple[int, int]
    body: int
    naked_male: int
    naked_female: int
    clothes: int

    def heads(self, gender: int) -> tuple[int, int]:
        """Return the first and last head a player may choose."""
        return self.heads_female if gender == Gender.FEMALE else self.heads_male

    def naked(self, gender: int) -> int:
        """Return the body without clothes."""
        return self.naked_female if gender == Gender.FEMALE else self.naked_male


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFigures:
    """The modifiers of a class. Mana per level is `round(Int * mana_per_int)`."""

    evasion: float
    attack_melee: float
    attack_ranged: float
    attack_unarmed: float
    damage_melee: float
    damage_ranged: float
    damage_unarmed: float = 0.4
    shield: float
    hp_base: float
    mana_start: int = 0
    mana_start_per_int: int = 0
    mana_per_int: float = 0.0
    stamina_per_level: int = 15
    hit_to_35: int
    hit_from_36: int
    spells: tuple[int, ...] = ()
    weapons: tuple[int, ...] = (460,)
    ammunition: int = 0
    blue_potions: bool = False  # starts with mana potions although without mana


RACES: Mapping[int, RaceFigures] = MappingProxyType(
    {
        Race.HUMAN: RaceFigures(
            strength=1,
            agility=1,
            constitution=2,
            heads_male=(1, 40),
            heads_female=(70, 89),
            body=1,
            naked_male=21,
            naked_female=39,
            clothes=463,
        ),
        Race.ELF: RaceFigures(
            strength=-1,
            agility=3,
            intelligence=2,
            charisma=2,
            constitution=1,
            heads_male=(101, 122),
            heads_female=(170, 188),
            body=2,
            naked_male=210,
            naked_female=259,
            clothes=464,
        ),
        Race.DROW: RaceFigures(
            strength=2,
            agility=3,
            intelligence=2,
            charisma=-3,
            heads_male=(201, 221),
            heads_female=(270, 288),
            body=3,
            naked_male=32,
            naked_female=40,
            clothes=465,
        ),
        Race.GNOME: RaceFigures(
            strength=-2,
            agility=3,
            intelligence=4,
            charisma=1,
            small=True,
            heads_male=(401, 416),
            heads_female=(470, 484),
            body=300,
            naked_male=222,
            naked_female=260,
            clothes=466,
        ),
        Race.DWARF: RaceFigures(
            strength=3,
            intelligence=-2,
            charisma=-2,
            constitution=3,
            small=True,
            heads_male=(301, 319),
            heads_female=(370, 384),
            body=300,
            naked_male=53,
            naked_female=60,
            clothes=466,
        ),
    }
)

CLASSES: Mapping[int, ClassFigures] = MappingProxyType(
    {
        CharClass.MAGE: ClassFigures(
            evasion=0.4,
            attack_melee=0.5,
            attack_ranged=0.5,
            attack_unarmed=0.3,
            damage_melee=0.5,
            damage_ranged=0.5,
            shield=0.6,
            hp_base=7.5,
            mana_start_per_int=3,
            mana_per_int=2.8,
            stamina_per_level=14,
            hit_to_35=1,
            hit_from_36=1,
            spells=(2,),
        ),
        CharClass.CLERIC: ClassFigures(
            evasion=0.8,
            attack_melee=0.85,
            attack_ranged=0.7,
            attack_unarmed=0.4,
            damage_melee=0.8,
            damage_ranged=0.7,
            shield=0.85,
            hp_base=8.5,
            mana_start=50,
            mana_per_int=2.0,
            hit_to_35=2,
            hit_from_36=2,
            spells=(2,),
        ),
        CharClass.WARRIOR: ClassFigures(
            evasion=1.0,
            attack_melee=1.0,
            attack_ranged=0.8,
            attack_unarmed=0.6,
            damage_melee=1.1,
            damage_ranged=0.9,
            shield=1.0,
            hp_base=10.0,
            hit_to_35=3,
            hit_from_36=2,
        ),
        CharClass.ASSASSIN: ClassFigures(
            evasion=1.1,
            attack_melee=0.9,
            attack_ranged=0.75,
            attack_unarmed=0.4,
            damage_melee=0.9,
            damage_ranged=0.8,
            shield=0.8,
            hp_base=8.5,
            mana_start=50,
            mana_per_int=1.0,
            hit_to_35=3,
            hit_from_36=1,
            spells=(2,),
        ),
        CharClass.THIEF: ClassFigures(
            evasion=1.1,
            attack_melee=0.8,
            attack_ranged=0.85,
            attack_unarmed=0.8,
            damage_melee=0.75,
            damage_ranged=0.85,
            damage_unarmed=1.05,
            shield=0.7,
            hp_base=10.0,
            stamina_per_level=18,
            hit_to_35=2,
            hit_from_36=2,
        ),
        CharClass.BARD: ClassFigures(
            evasion=1.075,
            attack_melee=0.7,
            attack_ranged=0.7,
            attack_unarmed=0.4,
            damage_melee=0.75,
            damage_ranged=0.7,
            shield=0.8,
            hp_base=8.5,
            mana_start=50,
            mana_per_int=2.0,
            hit_to_35=2,
            hit_from_36=2,
            spells=(2,),
        ),
        CharClass.DRUID: ClassFigures(
            evasion=0.75,
            attack_melee=0.65,
            attack_ranged=0.75,
            attack_unarmed=0.4,
            damage_melee=0.7,
            damage_ranged=0.75,
            shield=0.75,
            hp_base=8.5,
            mana_start=50,
            mana_per_int=2.0,
            hit_to_35=2,
            hit_from_36=2,
            spells=(2, 46),
        ),
        CharClass.BANDIT: ClassFigures(
            evasion=0.7,
            attack_melee=0.85,
            attack_ranged=0.8,
            attack_unarmed=0.95,
            damage_melee=0.85,
            damage_ranged=0.7,
            damage_unarmed=1.05,
            shield=2.0,
            hp_base=9.5,
            mana_start=50,
            mana_per_int=2 / 3,
            stamina_per_level=18,
            hit_to_35=3,
            hit_from_36=1,
        ),
        CharClass.PALADIN: ClassFigures(
            evasion=0.9,
            attack_melee=0.95,
            attack_ranged=0.75,
            attack_unarmed=0.4,
            damage_melee=0.925,
            damage_ranged=0.8,
            shield=1.0,
            hp_base=9.5,
            mana_per_int=1.0,
            hit_to_35=3,
            hit_from_36=1,
            blue_potions=True,
        ),
        CharClass.HUNTER: ClassFigures(
            evasion=0.9,
            attack_melee=0.8,
            attack_ranged=1.0,
            attack_unarmed=0.5,
            damage_melee=0.9,
            damage_ranged=1.1,
            shield=0.8,
            hp_base=9.5,
            hit_to_35=3,
            hit_from_36=2,
            weapons=(859,),
            ammunition=860,
        ),
        CharClass.WORKER: ClassFigures(
            evasion=0.8,
            attack_melee=0.8,
            attack_ranged=0.7,
            attack_unarmed=0.5,
            damage_melee=0.8,
            damage_ranged=0.7,
            shield=0.7,
            hp_base=9.5,
            stamina_per_level=40,
            hit_to_35=2,
            hit_from_36=2,
            weapons=(561, 562, 563, 564, 565),
        ),
        CharClass.PIRATE: ClassFigures(
            evasion=1.25,
            attack_melee=0.9,
            attack_ranged=0.9,
            attack_unarmed=0.5,
            damage_melee=0.95,
            damage_ranged=0.8,
            shield=0.6,
            hp_base=9.5,
            hit_to_35=3,
            hit_from_36=3,
        ),
    }
)
