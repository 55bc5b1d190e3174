"""A `Dat` folder of a classic distribution to typed definitions, with everything odd reported.

Only a missing or unreadable obj.dat, NPCs.dat or Hechizos.dat stops it. Maps are read elsewhere.
Follows ao-libre/ao-server: FileIO.bas and MODULO_NPCs.bas.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeVar

from pyao.content import dat_lists
from pyao.content.client_limits import ClientLimits, Replaced, fit_item, fit_npc, fit_spell
from pyao.content.dat_records import SectionReader, read_item, read_npc, read_quest, read_spell
from pyao.content.fields import MAX_NUMBER, Ref
from pyao.content.ini import IniFile, IniSection, parse_ini, read_bytes
from pyao.content.items import Item
from pyao.content.npcs import NpcKind
from pyao.content.report import FindingKind, Report
from pyao.content.rulebook import Recipes, Rulebook
from pyao.content.spells import Spell, SpellKind
from pyao.content.world_data import City
from pyao.errors import ContentError
from pyao.rules.kinds import NpcRole, ObjectType

NPC_FILES: Final = ("npcs.dat", "npcs-hostiles.dat")
"""Older distributions keep the npcs from 500 on in a file of their own."""

Record = TypeVar("Record", Item, NpcKind, Spell)
Numbered = dict[int, tuple[str, IniSection]]
"""The sections of a list by number, each with the name of its file."""


SERVER_INI: Final = "Server.ini"
"""Stands beside the Dat folder in a distribution, in older ones within it."""

HEADER_COUNTS: Final = MappingProxyType(
    {"OBJ": "NUMOBJS", "NPC": "NUMNPCS", "HECHIZO": "NUMEROHECHIZOS", "QUEST": "NUMQUESTS"}
)
"""Where `[INIT]` says how high the numbers of a list go."""


@dataclass(frozen=True, slots=True)
class FileFigures:
    """How one file was read, for the written report."""

    encoding: str
    sections: int
    lines_without_equals: int
    assignments_before_first_section: int


@dataclass(slots=True, kw_only=True)
class DatContent:
    """What a Dat folder holds; the fields are named as those of `WorldData`.

    `map_path` and `map_count` are what Map.dat says, unchecked: the path may lead anywhere.
    """

    items: dict[int, Item]
    npcs: dict[int, NpcKind]
    spells: dict[int, Spell]
    cities: dict[int, City] = field(default_factory=dict)
    motd: list[str] = field(default_factory=list)
    help: list[str] = field(default_factory=list)
    forbidden_names: list[str] = field(default_factory=list)
    rulebook: Rulebook = field(default_factory=Rulebook)
    files: dict[str, FileFigures] = field(default_factory=dict)
    map_path: str = ""
    map_count: int = 0


class _Folder:
    """The files of a distribution by lower-case name, each read once and its oddities reported."""

    def __init__(self, root: Path, report: Report) -> None:
        self.root = root
        self.report = report
        self.figures: dict[str, FileFigures] = {}
        self._paths: dict[str, Path] = {}
        for path in _listed(root):
            name = path.name.lower()
            if name in self._paths:
                message = f"differs from {self._paths[name].name} only in case; not read"
                report.add(FindingKind.FILE, message, file=path.name)
            else:
                self._paths[name] = path

    def look_beside(self, folder: Path, name: str) -> None:
        """Take a file of the distribution's own folder, if the Dat folder has none of that name."""
        for path in _listed(folder):
            if path.name.lower() == name.lower() and path.is_file():
                self._paths.setdefault(name.lower(), path)

    def has(self, name: str) -> bool:
        """Return whether there is such a file, whatever the case of its name."""
        return name.lower() in self._paths

    def data(self, name: str) -> bytes | None:
        """Return the bytes of a file that may be missing, which is reported."""
        path = self._paths.get(name.lower())
        if path is None:
            self.report.add(FindingKind.FILE, "is missing; nothing of it is known", file=name)
            return None
        return read_bytes(path)

    def ini(self, name: str, *, required: bool = False, only: str = "") -> IniFile:
        """Return a parsed file; a missing one is empty, unless nothing can be done without it.

        Where `only` one section is read, what is odd about the others concerns nobody.
        """
        if required and not self.has(name):
            raise ContentError(f"has no {name}; expected a Dat folder", file=self.root)
        shown = self._paths[name.lower()].name if self.has(name) else name
        data = self.data(name)
        ini = parse_ini(data or b"", shown)
        if data is not None:
            self.figures[shown] = FileFigures(
                ini.encoding,
                len(ini.sections),
                ini.lines_without_equals,
                ini.assignments_before_first_section,
            )
        for line, section in ini.duplicate_sections:
            if only not in {"", section}:
                continue
            message = "is given again; the first one counts"
            self.report.add(
                FindingKind.DUPLICATE, message, file=shown, line=line, key=f"[{section}]"
            )
        for line, section, key, first, again in ini.duplicate_keys:
            if only not in {"", section}:
                continue
            message = f"is given again as {again[:40]!r}; the first, {first[:40]!r}, counts"
            self.report.add(
                FindingKind.DUPLICATE, message, file=shown, line=line, key=f"[{section}] {key}"
            )
        return ini


@dataclass(frozen=True, slots=True)
class _Sources:
    """The three great files and the quests as sections, and which numbers they define."""

    items: Numbered
    npcs: Numbered
    spells: Numbered
    quests: IniFile
    report: Report

    def reader(self, file: str) -> SectionReader:
        """Return a reader for the sections of a file."""
        known = {
            Ref.ITEM: self.items.keys(),
            Ref.NPC: self.npcs.keys(),
            Ref.SPELL: self.spells.keys(),
            Ref.QUEST: {number for number, _ in self.quests.numbered("QUEST")},
        }
        return SectionReader(file, self.report, known)

    def read(
        self, numbered: Numbered, make: Callable[[int, IniSection, SectionReader], Record]
    ) -> dict[int, Record]:
        """Make a record of each section, by number."""
        readers = {file: self.reader(file) for file, _ in numbered.values()}
        return {
            number: make(number, section, readers[file])
            for number, (file, section) in sorted(numbered.items())
        }


def import_dat(folder: Path, report: Report, limits: ClientLimits | None = None) -> DatContent:
    """Read a `Dat` folder, or a distribution folder that holds one.

    With `limits`, looks that the client lacks are replaced. References to what does not exist are
    dropped. Everything unusual goes into the report.
    """
    files = _Folder(find_dat(folder), report)
    if files.root != folder:
        files.look_beside(folder, SERVER_INI)
    sources = _Sources(
        _numbered(files, ("obj.dat",), "OBJ"),
        _numbered(files, NPC_FILES, "NPC"),
        _numbered(files, ("hechizos.dat",), "HECHIZO"),
        files.ini("Quests.dat"),
        report,
    )
    content = DatContent(
        items=sources.read(sources.items, read_item),
        npcs=sources.read(sources.npcs, read_npc),
        spells=sources.read(sources.spells, read_spell),
    )
    if limits is not None:
        content.items = _fitted(content.items, sources.items, report, fit_item, limits)
        content.npcs = _fitted(content.npcs, sources.npcs, report, fit_npc, limits)
        content.spells = _fitted(content.spells, sources.spells, report, fit_spell, limits)
    quest_reader = sources.reader(sources.quests.name)
    _check_count(sources.quests, "QUEST", quest_reader)
    content.rulebook.quests = {
        number: read_quest(number, section, quest_reader)
        for number, section in sources.quests.numbered("QUEST")
        if number <= MAX_NUMBER
    }
    _read_places(content, files, sources)
    _read_rulebook(content.rulebook, files, sources)
    _read_texts(content, files, sources)
    _report_senseless(content, sources)
    content.files = files.figures
    return content


def find_dat(folder: Path) -> Path:
    """Return the folder that holds obj.dat: the one given or its `Dat`; refuse any other."""
    inside = [path for path in _listed(folder) if path.name.lower() == "dat" and path.is_dir()]
    for candidate in (folder, *inside):
        if any(path.name.lower() == "obj.dat" for path in _listed(candidate)):
            return candidate
    raise ContentError("has no obj.dat; expected a Dat folder", file=folder)


def _listed(folder: Path) -> list[Path]:
    """Return what a folder holds, without links that lead out of it."""
    try:
        root = folder.resolve(strict=True)
        paths = sorted(folder.iterdir())
        return [path for path in paths if path.resolve().is_relative_to(root)]
    except OSError as error:
        raise ContentError(f"cannot be read: {error.strerror}", file=folder) from error


def _numbered(files: _Folder, names: tuple[str, ...], prefix: str) -> Numbered:
    """Collect the numbered sections of the first file and, where there are more, of the others."""
    found: Numbered = {}
    for name in names:
        if name != names[0] and not files.has(name):
            continue
        ini = files.ini(name, required=True)
        reader = SectionReader(ini.name, files.report, {})
        _check_count(ini, prefix, reader)
        for number, section in ini.numbered(prefix):
            if number > MAX_NUMBER:
                reader.add(FindingKind.VALUE, f"is beyond {MAX_NUMBER}; not read", section)
            elif number in found:
                message = f"is also in {found[number][0]}, which counts"
                reader.add(FindingKind.DUPLICATE, message, section)
            else:
                found[number] = (ini.name, section)
    if not found:
        raise ContentError(f"holds no [{prefix}n] section", file=files.root / names[0])
    return found


def _check_count(ini: IniFile, prefix: str, reader: SectionReader) -> None:
    """Report a count in the header that the numbers go beyond; everything is read all the same."""
    header, key = ini.section("INIT"), HEADER_COUNTS[prefix]
    highest = max((number for number, _ in ini.numbered(prefix)), default=0)
    count = header.number(key)
    if key in header.entries and count < highest:
        message = f"says {count}, but there is [{prefix}{highest}]; all are read"
        reader.add(FindingKind.COUNT, message, header, key)


def _fitted(
    records: Mapping[int, Record],
    sources: Numbered,
    report: Report,
    fit: Callable[[Record, ClientLimits], tuple[Record, Replaced]],
    limits: ClientLimits,
) -> dict[int, Record]:
    """Replace looks that the client lacks, and report each."""
    fitted = {}
    for number, record in records.items():
        fitted[number], lacking = fit(record, limits)
        for name, lacked in lacking:
            file, section = sources[number]
            message = f"{name} {lacked} is unknown to the client; a default is taken"
            place = f"[{section.name}] {name}"
            report.add(FindingKind.LOOK, message, file=file, line=section.line, key=place)
    return fitted


def _read_places(content: DatContent, files: _Folder, sources: _Sources) -> None:
    cities = files.ini("Ciudades.dat")
    content.cities, content.rulebook.places = dat_lists.read_cities(
        cities, sources.reader(cities.name)
    )
    maps = files.ini("Map.dat").section("INIT")
    content.map_path = maps.text("MAPPATH")
    content.map_count = min(max(maps.number("NUMMAPS"), 0), MAX_NUMBER)


def _read_rulebook(book: Rulebook, files: _Folder, sources: _Sources) -> None:
    def of(name: str) -> tuple[IniFile, SectionReader]:
        ini = files.ini(name)
        return ini, sources.reader(ini.name)

    def recipes(name: str, prefix: str) -> tuple[int, ...]:
        ini, reader = of(name)
        return dat_lists.read_recipes(ini, prefix, reader)

    book.recipes = Recipes(
        smith_weapons=recipes("ArmasHerrero.dat", "ARMA"),
        smith_armours=recipes("ArmadurasHerrero.dat", "ARMADURA"),
        carpenter=recipes("ObjCarpintero.dat", "OBJ"),
        artisan=recipes("ObjArtesano.dat", "OBJ") if files.has("ObjArtesano.dat") else (),
    )
    book.balance = dat_lists.read_balance(*of("Balance.dat"))
    book.faction_armour = dat_lists.read_faction_armour(*of("ArmadurasFaccionarias.dat"))
    if files.has("Pretorianos.dat"):
        book.pretorians = dat_lists.read_pretorians(*of("Pretorianos.dat"))
    if files.has("Retos.dat"):
        book.arenas = dat_lists.read_arenas(*of("Retos.dat"))
    if files.has("EventoPesca.dat"):
        book.fishing_zones = dat_lists.read_fishing_zones(*of("EventoPesca.dat"))
    if files.has(SERVER_INI):
        server = files.ini(SERVER_INI, only=dat_lists.PRETORIAN_CLAN)
        reader = sources.reader(server.name)
        book.pretorian_camp = dat_lists.read_pretorian_camp(server, reader)


def _read_texts(content: DatContent, files: _Folder, sources: _Sources) -> None:
    help_file, motd_file = files.ini("Help.dat"), files.ini("Motd.ini")
    content.help = dat_lists.read_lines(help_file, "HELP", sources.reader(help_file.name))
    content.motd = dat_lists.read_lines(motd_file, "MOTD", sources.reader(motd_file.name))
    names = files.data("NombresInvalidos.txt")
    content.forbidden_names = dat_lists.read_forbidden_names(names or b"")


def _report_senseless(content: DatContent, sources: _Sources) -> None:
    """Report what is legal but hardly meant: it will do nothing in the game."""
    doubts = [(sources.items, item.number, _item_doubt(item)) for item in content.items.values()]
    doubts += [(sources.npcs, npc.number, _npc_doubt(npc)) for npc in content.npcs.values()]
    doubts += [(sources.spells, it.number, _spell_doubt(it)) for it in content.spells.values()]
    for numbered, number, doubt in doubts:
        if doubt:
            file, section = numbered[number]
            sources.reader(file).add(FindingKind.SENSE, doubt, section)


def _item_doubt(item: Item) -> str:
    if item.kind == ObjectType.SCROLL and not item.spell:
        return "is a scroll that teaches nothing"
    if item.min_hit > item.max_hit or item.min_defense > item.max_defense:
        return "has a minimum above its maximum"
    return ""


def _npc_doubt(npc: NpcKind) -> str:
    if npc.role == NpcRole.TRAINER and not npc.creatures:
        return "is a trainer without creatures"
    if npc.trades and not npc.stock:
        return "trades but has nothing to sell"
    if npc.min_hp > npc.max_hp or npc.min_hit > npc.max_hit:
        return "has a minimum above its maximum"
    return ""


def _spell_doubt(spell: Spell) -> str:
    if spell.kind == SpellKind.SUMMON and spell.summons and not spell.creature:
        return "summons nothing"
    return ""
