"""What a spell is ("Hechizos.dat"), every field with the file's key beside it.

Data only; what a cast does is in `rules/spells.py`. Follows ao-libre/ao-server, Hechizos.dat.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Annotated

from msgspec import Struct

from pyao.content.fields import ITEM, NPC, Natural, Number, Small, Text


class SpellKind(IntEnum):
    """What part of the target a spell changes ("Tipo")."""

    CREATURES_ONLY = 0
    PROPERTIES = 1
    STATES = 2
    SUMMON = 4


class Change(Struct, frozen=True, array_like=True):
    """A property raised or lowered by between `low` and `high` points."""

    direction: Small = 0
    low: Natural = 0
    high: Natural = 0


NO_CHANGE = Change()


class Spell(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One spell. A `min_skill` of 101 keeps players from casting it.

    `caster_text` is followed by the target's name, `target_text` preceded by the caster's.
    """

    number: Number
    name: Annotated[Text, "Nombre"] = ""
    description: Annotated[Text, "Desc"] = ""
    words: Annotated[Text, "PalabrasMagicas"] = ""
    caster_text: Annotated[Text, "HechizeroMsg"] = ""
    target_text: Annotated[Text, "TargetMsg"] = ""
    self_text: Annotated[Text, "PropioMsg"] = ""

    kind: Annotated[Small, "Tipo"] = 0
    target: Annotated[Small, "Target"] = 0
    sound: Annotated[Small, "WAV"] = 0
    effect: Annotated[Number, "FXgrh"] = 0
    loops: Annotated[Number, "Loops"] = 0
    min_skill: Annotated[Small, "MinSkill"] = 0
    mana: Annotated[Natural, "ManaRequerido"] = 0
    stamina: Annotated[Natural, "StaRequerido"] = 0
    staff_power: Annotated[Small, "NeedStaff"] = 0  # a mage's staff must have
    staff_affected: Annotated[bool, "StaffAffected"] = False
    resist: Annotated[Small, "Resis"] = 0

    # Properties: each key is Sube/Min/Max and the suffix given here
    hp: Annotated[Change, "HP"] = NO_CHANGE
    mana_points: Annotated[Change, "Mana"] = NO_CHANGE
    stamina_points: Annotated[Change, "Sta"] = NO_CHANGE
    hunger: Annotated[Change, "Ham"] = NO_CHANGE
    thirst: Annotated[Change, "Sed"] = NO_CHANGE
    agility: Annotated[Change, "AG"] = NO_CHANGE
    strength: Annotated[Change, "FU"] = NO_CHANGE
    charisma: Annotated[Change, "CA"] = NO_CHANGE

    # States
    invisibility: Annotated[bool, "Invisibilidad"] = False
    paralyses: Annotated[bool, "Paraliza"] = False
    immobilises: Annotated[bool, "Inmoviliza"] = False
    frees: Annotated[bool, "RemoverParalisis"] = False
    ends_stun: Annotated[bool, "RemoverEstupidez"] = False
    reveals: Annotated[bool, "RemueveInvisibilidadParcial"] = False
    cures_poison: Annotated[bool, "CuraVeneno"] = False
    poisons: Annotated[bool, "Envenena"] = False
    curses: Annotated[bool, "Maldicion"] = False
    ends_curse: Annotated[bool, "RemoverMaldicion"] = False
    blesses: Annotated[bool, "Bendicion"] = False
    revives: Annotated[bool, "Revivir"] = False
    blinds: Annotated[bool, "Ceguera"] = False
    stuns: Annotated[bool, "Estupidez"] = False
    mimics: Annotated[bool, "Mimetiza"] = False

    # Summons and conjured things
    calls_pet: Annotated[bool, "Warp"] = False
    summons: Annotated[bool, "Invoca"] = False
    creature: Annotated[Number, "NumNpc", NPC] = 0
    count: Annotated[Small, "Cant"] = 0
    conjures: Annotated[bool, "Materializa"] = False
    item: Annotated[Number, "ItemIndex", ITEM] = 0
