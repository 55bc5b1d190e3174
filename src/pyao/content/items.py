"""What an item is ("obj.dat"): every field by its English name, with the file's key beside it.

Data only; what the fields do is in `rules/`. Follows the layout of ao-libre/ao-server, obj.dat.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from pyao.content.fields import (
    ITEM,
    SPELL,
    Graphic,
    Natural,
    Number,
    Percent,
    Pile,
    Small,
    Text,
    Whole,
)


class Item(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One kind of thing; the number is its identity, several may share a name.

    `kind` is an `ObjectType` where the rules know it, else a plain number (20 furniture, 21 jewel,
    25 mount, 29 ingot, 30 flower: merchandise and scenery).
    """

    number: Number
    name: Annotated[Text, "Name"] = ""
    kind: Annotated[Small, "ObjType"] = 0
    graphic: Annotated[Graphic, "GrhIndex"] = 0  # in the inventory and on the ground
    price: Annotated[Natural, "Valor"] = 0
    fixed: Annotated[bool, "Agarrable"] = False  # 1 in the file = cannot be picked up

    # Fate: when it is lost, traded, logged, restocked
    crucial: Annotated[bool, "Crucial"] = False  # merchants refill it at once
    stays_on_death: Annotated[bool, "NoSeCae"] = False
    no_drop: Annotated[bool, "NoSeTira"] = False
    no_steal: Annotated[bool, "NoRobable"] = False
    no_trade: Annotated[bool, "NoComerciable"] = False
    bound: Annotated[bool, "Intransferible"] = False  # none of drop, sell, trade, steal
    newbie: Annotated[bool, "Newbie"] = False
    logged: Annotated[bool, "Log"] = False  # audit always
    never_logged: Annotated[bool, "NoLog"] = False

    # Who may use it
    forbidden_classes: Annotated[tuple[Small, ...], "CP1..CP12"] = ()  # CharClass numbers
    women_only: Annotated[bool, "Mujer"] = False
    men_only: Annotated[bool, "Hombre"] = False
    small_races: Annotated[bool, "RazaEnana"] = False  # clothes of dwarves and gnomes
    drow_only: Annotated[bool, "RazaDrow"] = False
    elf_only: Annotated[bool, "RazaElfa"] = False
    gnome_only: Annotated[bool, "RazaGnoma"] = False
    human_only: Annotated[bool, "RazaHumana"] = False
    royal: Annotated[bool, "Real"] = False
    chaos: Annotated[bool, "Caos"] = False
    min_level: Annotated[Small, "MinLevel"] = 0
    min_skill: Annotated[Small, "MinSkill"] = 0  # of the trade it belongs to (ore, boat)

    # Equipment
    min_defense: Annotated[Whole, "MINDEF"] = 0
    max_defense: Annotated[Whole, "MAXDEF"] = 0
    min_magic_defense: Annotated[Whole, "DefensaMagicaMin"] = 0
    max_magic_defense: Annotated[Whole, "DefensaMagicaMax"] = 0
    min_hit: Annotated[Whole, "MinHIT"] = 0
    max_hit: Annotated[Whole, "MaxHIT"] = 0
    body: Annotated[Number, "NumRopaje"] = 0  # look of the wearer; boats: row of the boat table
    animation: Annotated[Number, "Anim"] = 0  # of weapon, shield or helmet
    small_animation: Annotated[Number, "RazaEnanaAnim"] = 0  # weapon held by dwarves and gnomes
    stabs: Annotated[bool, "Apunala"] = False  # `Apuñala` in sets that kept their accents
    slashes: Annotated[bool, "Acuchilla"] = False
    gloves: Annotated[bool, "Guante"] = False
    poisons: Annotated[bool, "Envenena"] = False
    paralyses: Annotated[bool, "Paraliza"] = False
    ranged: Annotated[bool, "Proyectil"] = False
    needs_ammo: Annotated[bool, "Municiones"] = False
    piercing: Annotated[Whole, "Refuerzo"] = 0  # armour ignored
    staff_power: Annotated[Small, "StaffPower"] = 0
    staff_bonus: Annotated[Whole, "StaffDamageBonus"] = 0  # percent points on top of 70
    blocks_paralysis: Annotated[bool, "ImpideParalizar"] = False
    blocks_immobilise: Annotated[bool, "ImpideInmobilizar"] = False
    blocks_stun: Annotated[bool, "ImpideAturdir"] = False
    blocks_blindness: Annotated[bool, "ImpideCegar"] = False
    backpack: Annotated[Small, "MochilaType"] = 0  # five more slots each

    # Crafting
    iron: Annotated[Natural, "LingH"] = 0  # ingots
    silver: Annotated[Natural, "LingP"] = 0
    gold: Annotated[Natural, "LingO"] = 0
    smithing_skill: Annotated[Number, "SkHerreria"] = 0
    wood: Annotated[Natural, "Madera"] = 0
    elven_wood: Annotated[Natural, "MaderaElfica"] = 0
    carpentry_skill: Annotated[Number, "SkCarpinteria"] = 0
    upgrade: Annotated[Number, "Upgrade", ITEM] = 0  # item it can be improved to
    ingredients: Annotated[tuple[Pile, ...], "ItemCrafteo1..4", ITEM] = ()
    required_skill: Annotated[Small, "SkillRequerido"] = 0  # Skill number, first field
    required_skill_points: Annotated[Percent, "SkillRequerido"] = 0  # second field
    ore: Annotated[Number, "MineralIndex", ITEM] = 0  # item a deposit yields
    ingot: Annotated[Number, "LingoteIndex", ITEM] = 0  # item an ore becomes

    # Using it up
    potion: Annotated[Small, "TipoPocion"] = (
        0  # 1 agility 2 strength 3 health 4 mana 5 cure 6 death
    )
    min_effect: Annotated[Whole, "MinModificador"] = 0
    max_effect: Annotated[Whole, "MaxModificador"] = 0
    effect_ticks: Annotated[Natural, "DuracionEfecto"] = 0  # of 40 ms
    hunger: Annotated[Natural, "MinHam"] = 0  # hunger stilled
    thirst: Annotated[Natural, "MinAgu"] = 0
    stamina: Annotated[Natural, "MinST"] = 0
    min_hp: Annotated[Whole, "MinHP"] = 0
    max_hp: Annotated[Whole, "MaxHP"] = 0
    spell: Annotated[Number, "HechizoIndex", SPELL] = 0  # taught by a scroll

    # Doors, containers, keys, bottles
    closed: Annotated[bool, "Abierta"] = False  # 1 in the file = closed
    locked: Annotated[bool, "Llave"] = False
    key_code: Annotated[Natural, "Clave"] = 0  # of the door and of its key
    open_item: Annotated[Number, "IndexAbierta", ITEM] = 0  # number when open; of a bottle: full
    closed_item: Annotated[Number, "IndexCerrada", ITEM] = 0  # when closed; of a bottle: empty
    locked_item: Annotated[Number, "IndexCerradaLlave", ITEM] = 0
    container_slots: Annotated[Natural, "CantItems"] = 0
    container_items: Annotated[Natural, "NroItems"] = 0
    respawns: Annotated[bool, "Respawn"] = False  # food placed on maps, older servers

    # Scenery
    text: Annotated[Text, "Texto"] = ""  # on a sign
    big_graphic: Annotated[Number, "VGrande"] = 0  # of a sign
    forum: Annotated[Text, "ID"] = ""
    radius: Annotated[Small, "Radio"] = 0  # scatter of a teleport, tiles
    sounds: Annotated[tuple[Small, ...], "Snd1..Snd3"] = ()  # holes are 0
