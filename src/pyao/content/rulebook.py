"""The lists that stand beside items, npcs and spells: recipes, quests, faction armour, arenas.

Data only, as the classic files hold them; each record names its file.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct, field

from pyao.content.balance import Balance, classic_balance
from pyao.content.fields import ITEM, NPC, Natural, Number, Pile, Small, Text

Place = tuple[int, int, int]
"""Map, x and y."""


class Recipes(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What each trade can make; ingredients and skill stand in the item made."""

    smith_weapons: Annotated[tuple[Number, ...], "ArmasHerrero.dat"] = ()
    smith_armours: Annotated[tuple[Number, ...], "ArmadurasHerrero.dat"] = ()
    carpenter: Annotated[tuple[Number, ...], "ObjCarpintero.dat"] = ()
    artisan: Annotated[tuple[Number, ...], "ObjArtesano.dat"] = ()


class Quest(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """An errand an npc gives ("Quests.DAT")."""

    number: Number
    name: Annotated[Text, "Nombre"] = ""
    description: Annotated[Text, "Desc"] = ""
    level: Annotated[Small, "RequiredLevel"] = 0
    items: Annotated[tuple[Pile, ...], "RequiredOBJ1..N", ITEM] = ()
    kills: Annotated[tuple[Pile, ...], "RequiredNPC1..N", NPC] = ()
    gold: Annotated[Natural, "RewardGLD"] = 0
    experience: Annotated[Natural, "RewardEXP"] = 0
    rewards: Annotated[tuple[Pile, ...], "RewardOBJ1..N", ITEM] = ()


class FactionArmour(Struct, frozen=True, array_like=True):
    """What a class is given by its faction ("ArmadurasFaccionarias.dat").

    Each is (low, medium, high) defence; tall means human, elf and drow, short dwarf and gnome.
    """

    royal_tall: tuple[Number, Number, Number]
    royal_short: tuple[Number, Number, Number]
    chaos_tall: tuple[Number, Number, Number]
    chaos_short: tuple[Number, Number, Number]


class PretorianRank(Struct, frozen=True, array_like=True):
    """The npcs of one rank of the pretorian clan ("Pretorianos.dat"), tall and short variants."""

    tall: tuple[Number, ...]
    short: tuple[Number, ...]


class Arena(Struct, frozen=True, array_like=True):
    """A place for duels ("Retos.dat"): where the two sides start."""

    map: Number
    x: Small
    y: Small
    x2: Small
    y2: Small


class FishingZone(Struct, frozen=True, array_like=True):
    """A map with fish of its own ("EventoPesca.dat")."""

    map: Number
    fish: tuple[Number, ...]


class Rulebook(Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """All of them. `places` are named spots that are no home: prison, prison exit, newbie start."""

    balance: Balance = field(default_factory=classic_balance)
    recipes: Recipes = Recipes()
    quests: dict[int, Quest] = {}
    faction_armour: dict[int, FactionArmour] = {}  # by CharClass
    pretorians: dict[str, PretorianRank] = {}  # by rank: king, healer, spellcaster...
    pretorian_camp: Place | None = None
    arenas: tuple[Arena, ...] = ()
    fishing_zones: tuple[FishingZone, ...] = ()
    places: dict[str, Place] = {}
