"""What a creature or townsman is ("NPCs.dat"), every field with the file's key beside it.

Data only; a living one is in `world/`, its behaviour in `rules/`. Follows ao-libre/ao-server,
MODULO_NPCs.bas and NPCs.dat.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from pyao.content.fields import ITEM, NPC, QUEST, SPELL, Natural, Number, Pile, Small, Text

DROP_SLOTS = 5
NO_DROP = Pile(0, 0)


class Trainee(Struct, frozen=True, array_like=True):
    """A creature that a trainer calls, by the name the window shows."""

    number: Number
    name: Text


class NpcKind(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One kind of npc; `role` is an `NpcRole` of the rules, `movement` a `Movement` of theirs.

    A head or body of 0 means none; `heading` is always 1 to 4, because the client fails otherwise.
    """

    number: Number
    name: Annotated[Text, "Name"] = ""
    description: Annotated[Text, "Desc"] = ""  # spoken when clicked
    role: Annotated[Small, "NpcType"] = 0

    body: Annotated[Number, "Body"] = 0
    head: Annotated[Number, "Head"] = 0
    heading: Annotated[int, Meta(ge=1, le=4), "Heading"] = 3

    movement: Annotated[Small, "Movement"] = 1
    attackable: Annotated[bool, "Attackable"] = False
    hostile: Annotated[bool, "Hostile"] = False
    trades: Annotated[bool, "Comercia"] = False
    water_ok: Annotated[bool, "AguaValida"] = False
    land_forbidden: Annotated[bool, "TierraInvalida"] = False
    poisonous: Annotated[bool, "Veneno"] = False
    double_attack: Annotated[bool, "AtacaDoble"] = False  # a caster that also hits
    paralysis_immune: Annotated[bool, "AfectaParalisis"] = False  # 1 in the file = immune
    faction: Annotated[Small, "Faccion"] = 0  # of a noble: 0 king, 1 demon
    alignment: Annotated[Small, "Alineacion"] = 0  # 0 good, else kinds of evil
    taming: Annotated[Natural, "Domable"] = 0  # difficulty, 0 = cannot be tamed

    min_hp: Annotated[Natural, "MinHP"] = 0
    max_hp: Annotated[Natural, "MaxHP"] = 0
    min_hit: Annotated[Natural, "MinHIT"] = 0
    max_hit: Annotated[Natural, "MaxHIT"] = 0
    defense: Annotated[Natural, "DEF"] = 0
    magic_defense: Annotated[Natural, "DEFm"] = 0
    attack_power: Annotated[Natural, "PoderAtaque"] = 0
    evasion_power: Annotated[Natural, "PoderEvasion"] = 0
    experience: Annotated[Natural, "GiveEXP"] = 0
    gold: Annotated[Natural, "GiveGLD"] = 0  # paid by pretorians only; others drop item 12

    respawns: Annotated[bool, "ReSpawn"] = True  # 1 in the file = does not respawn
    fixed_place: Annotated[bool, "PosOrig"] = False  # respawns where the map put it
    respawn_s: Natural = 0  # how long until another comes; ours, no classic file has it
    territory: Small = 0  # it comes so many tiles around its place, 0 = anywhere on the map; ours
    backup: Annotated[bool, "BackUp"] = False
    no_restock: Annotated[bool, "InvReSpawn"] = False  # an empty merchant stays empty

    stock: Annotated[tuple[Pile, ...], "Obj1..ObjN", ITEM] = ()
    drops: Annotated[
        tuple[Pile, ...], "Drop1..Drop5", ITEM
    ] = ()  # the slot carries the odds, holes 0-0
    spells: Annotated[tuple[Number, ...], "Sp1..SpN", SPELL] = ()
    buys: Annotated[Number, "TipoItems"] = 0  # only item kind bought, 1000 = any
    creatures: Annotated[tuple[Trainee, ...], "CI1.., CN1..", NPC] = ()
    phrases: Annotated[tuple[Text, ...], "Exp1..ExpN"] = ()

    attack_sound: Annotated[Small, "Snd1"] = 0
    hurt_sound: Annotated[Small, "Snd2"] = 0
    death_sound: Annotated[Small, "Snd3"] = 0

    quest: Annotated[Number, "QuestNumber", QUEST] = 0
    city: Annotated[Small, "Ciudad"] = 0  # of a governor
    chases: Annotated[bool, "GuardiaPersigue"] = False  # later servers
    exact_hit: Annotated[Natural, "GolpeExacto"] = 0  # later servers
