"""What the rules read of items, creatures and spells.

The records of `content/` have these attributes, so rules take them without knowing content; a
test may hand in anything that has them too. Read-only by declaration.
"""

from __future__ import annotations

from typing import Protocol


class ItemFigures(Protocol):
    """One kind of thing."""

    @property
    def number(self) -> int:
        """Its identity."""
        ...

    @property
    def kind(self) -> int:
        """What it does: an `ObjectType`."""
        ...

    @property
    def price(self) -> int:
        """What a merchant asks for one."""
        ...

    @property
    def fixed(self) -> bool:
        """Cannot be picked up."""
        ...

    @property
    def stays_on_death(self) -> bool:
        """Not lost when its owner dies."""
        ...

    @property
    def no_drop(self) -> bool:
        """Cannot be put on the ground."""
        ...

    @property
    def no_steal(self) -> bool:
        """Cannot be stolen."""
        ...

    @property
    def bound(self) -> bool:
        """Cannot leave its owner in any way."""
        ...

    @property
    def no_trade(self) -> bool:
        """No merchant takes it."""
        ...

    @property
    def crucial(self) -> bool:
        """A merchant who sold the last one has more at once."""
        ...

    @property
    def newbie(self) -> bool:
        """Only for those up to level 12."""
        ...

    @property
    def forbidden_classes(self) -> tuple[int, ...]:
        """Classes that may neither use nor wear it."""
        ...

    @property
    def women_only(self) -> bool:
        """Men may not wear it."""
        ...

    @property
    def men_only(self) -> bool:
        """Women may not wear it."""
        ...

    @property
    def small_races(self) -> bool:
        """Clothes for dwarves and gnomes, and for nobody else."""
        ...

    @property
    def drow_only(self) -> bool:
        """Clothes for dark elves."""
        ...

    @property
    def royal(self) -> bool:
        """Of the Royal Army."""
        ...

    @property
    def chaos(self) -> bool:
        """Of the Chaos Legion."""
        ...

    @property
    def min_skill(self) -> int:
        """Skill of its trade that it takes: the boat's, the ore's."""
        ...

    @property
    def min_defense(self) -> int:
        """Least damage it takes off."""
        ...

    @property
    def max_defense(self) -> int:
        """Most damage it takes off."""
        ...

    @property
    def min_magic_defense(self) -> int:
        """Least magic damage it takes off."""
        ...

    @property
    def max_magic_defense(self) -> int:
        """Most magic damage it takes off."""
        ...

    @property
    def min_hit(self) -> int:
        """Least damage it does."""
        ...

    @property
    def max_hit(self) -> int:
        """Most damage it does."""
        ...

    @property
    def body(self) -> int:
        """Body of who wears it; of a boat, its row in the table of boats."""
        ...

    @property
    def animation(self) -> int:
        """Look in hand or on the head."""
        ...

    @property
    def small_animation(self) -> int:
        """The same for dwarves and gnomes, 0 if no different."""
        ...

    @property
    def stabs(self) -> bool:
        """A weapon to stab with."""
        ...

    @property
    def slashes(self) -> bool:
        """A weapon to slash with."""
        ...

    @property
    def gloves(self) -> bool:
        """Adds its hit to bare hands."""
        ...

    @property
    def poisons(self) -> bool:
        """A weapon or ammunition that poisons."""
        ...

    @property
    def ranged(self) -> bool:
        """A bow or a thrown weapon."""
        ...

    @property
    def needs_ammo(self) -> bool:
        """Shoots something that lies in the ammunition slot."""
        ...

    @property
    def piercing(self) -> int:
        """Armour it ignores ("refuerzo")."""
        ...

    @property
    def staff_power(self) -> int:
        """What spells a mage may cast with it."""
        ...

    @property
    def staff_bonus(self) -> int:
        """Per cent of spell damage on top of 70."""
        ...

    @property
    def blocks_paralysis(self) -> bool:
        """Its wearer is not paralysed."""
        ...

    @property
    def blocks_immobilise(self) -> bool:
        """Its wearer is not immobilised."""
        ...

    @property
    def blocks_stun(self) -> bool:
        """Its wearer is not stunned."""
        ...

    @property
    def blocks_blindness(self) -> bool:
        """Its wearer is not blinded."""
        ...

    @property
    def potion(self) -> int:
        """What drinking it does: a `Potion`."""
        ...

    @property
    def min_effect(self) -> int:
        """Least effect of a potion."""
        ...

    @property
    def max_effect(self) -> int:
        """Most effect of a potion."""
        ...

    @property
    def effect_ticks(self) -> int:
        """How long a potion lasts, in ticks of 40 ms."""
        ...

    @property
    def hunger(self) -> int:
        """Hunger it stills."""
        ...

    @property
    def thirst(self) -> int:
        """Thirst it stills."""
        ...

    @property
    def spell(self) -> int:
        """Spell that reading it teaches."""
        ...

    @property
    def closed(self) -> bool:
        """A door that is shut."""
        ...

    @property
    def locked(self) -> bool:
        """A door that is locked."""
        ...

    @property
    def key_code(self) -> int:
        """What a door and its key have in common."""
        ...

    @property
    def open_item(self) -> int:
        """The same door open; the same bottle full."""
        ...

    @property
    def closed_item(self) -> int:
        """The same door closed; the same bottle empty."""
        ...

    @property
    def locked_item(self) -> int:
        """The same door locked."""
        ...


class PileFigures(Protocol):
    """Some of one item."""

    @property
    def number(self) -> int:
        """The item; 0 = nothing."""
        ...

    @property
    def amount(self) -> int:
        """How many."""
        ...


class CraftedFigures(ItemFigures, Protocol):
    """One kind of thing as crafts see it: what it is made of and what it becomes."""

    @property
    def iron(self) -> int:
        """Ingots of iron in it."""
        ...

    @property
    def silver(self) -> int:
        """Ingots of silver in it."""
        ...

    @property
    def gold(self) -> int:
        """Ingots of gold in it."""
        ...

    @property
    def smithing_skill(self) -> int:
        """Skill that forging it takes; 0 if nobody forges it."""
        ...

    @property
    def wood(self) -> int:
        """Logs in it."""
        ...

    @property
    def elven_wood(self) -> int:
        """Logs of elven wood in it."""
        ...

    @property
    def carpentry_skill(self) -> int:
        """Skill that building it takes; 0 if nobody builds it."""
        ...

    @property
    def upgrade(self) -> int:
        """What it can be improved to."""
        ...

    @property
    def ingot(self) -> int:
        """What an ore becomes in the forge."""
        ...


class CreatureFigures(Protocol):
    """One kind of creature or townsman."""

    @property
    def number(self) -> int:
        """Its identity."""
        ...

    @property
    def role(self) -> int:
        """What it does for players: an `NpcRole`."""
        ...

    @property
    def faction(self) -> int:
        """Of a noble: 0 is the king, others the demon."""
        ...

    @property
    def movement(self) -> int:
        """How it moves: a `Movement`."""
        ...

    @property
    def body(self) -> int:
        """How it looks."""
        ...

    @property
    def head(self) -> int:
        """How its head looks; 0 = it has none apart."""
        ...

    @property
    def attackable(self) -> bool:
        """May be attacked at all."""
        ...

    @property
    def hostile(self) -> bool:
        """Attacks unprovoked."""
        ...

    @property
    def poisonous(self) -> bool:
        """Its hits may poison."""
        ...

    @property
    def double_attack(self) -> bool:
        """A caster that also hits."""
        ...

    @property
    def paralysis_immune(self) -> bool:
        """Cannot be paralysed."""
        ...

    @property
    def alignment(self) -> int:
        """0 good or neutral, else a kind of evil."""
        ...

    @property
    def taming(self) -> int:
        """How hard it is to tame; 0 = impossible."""
        ...

    @property
    def max_hp(self) -> int:
        """Hit points when unhurt."""
        ...

    @property
    def min_hit(self) -> int:
        """Least damage it does."""
        ...

    @property
    def max_hit(self) -> int:
        """Most damage it does."""
        ...

    @property
    def defense(self) -> int:
        """Damage its hide takes off."""
        ...

    @property
    def magic_defense(self) -> int:
        """Magic damage its hide takes off."""
        ...

    @property
    def attack_power(self) -> int:
        """How well it hits."""
        ...

    @property
    def evasion_power(self) -> int:
        """How well it evades."""
        ...

    @property
    def experience(self) -> int:
        """What defeating it gives in all."""
        ...

    @property
    def spells(self) -> tuple[int, ...]:
        """What it casts."""
        ...


class ChangeFigures(Protocol):
    """How a spell changes one property."""

    @property
    def direction(self) -> int:
        """0 not at all, 1 up, 2 down."""
        ...

    @property
    def low(self) -> int:
        """Least change."""
        ...

    @property
    def high(self) -> int:
        """Most change."""
        ...


class SpellFigures(Protocol):
    """One spell; the effects on states are read by name, see `spells.py`."""

    @property
    def number(self) -> int:
        """Its identity."""
        ...

    @property
    def target(self) -> int:
        """What it may be aimed at: a `SpellTarget`."""
        ...

    @property
    def min_skill(self) -> int:
        """Magic skill it takes; 101 is beyond any player."""
        ...

    @property
    def mana(self) -> int:
        """Mana it costs."""
        ...

    @property
    def stamina(self) -> int:
        """Stamina it costs."""
        ...

    @property
    def staff_power(self) -> int:
        """What a mage's staff must have."""
        ...

    @property
    def staff_affected(self) -> bool:
        """A mage's staff changes its damage."""
        ...

    @property
    def hp(self) -> ChangeFigures:
        """Heals or hurts."""
        ...

    @property
    def mana_points(self) -> ChangeFigures:
        """Gives or takes mana."""
        ...

    @property
    def stamina_points(self) -> ChangeFigures:
        """Gives or takes stamina."""
        ...

    @property
    def hunger(self) -> ChangeFigures:
        """Stills or causes hunger."""
        ...

    @property
    def thirst(self) -> ChangeFigures:
        """Stills or causes thirst."""
        ...

    @property
    def agility(self) -> ChangeFigures:
        """Quickens or slows."""
        ...

    @property
    def strength(self) -> ChangeFigures:
        """Strengthens or weakens."""
        ...

    @property
    def summons(self) -> bool:
        """Calls creatures."""
        ...

    @property
    def calls_pet(self) -> bool:
        """Calls a pet of one's own."""
        ...

    @property
    def creature(self) -> int:
        """What is called."""
        ...

    @property
    def count(self) -> int:
        """How many are called."""
        ...
