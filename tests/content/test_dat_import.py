"""The importer of Dat folders, rule by rule, on small made-up ones and on any bytes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyao.content.client_limits import known_client
from pyao.content.dat_import import DatContent, find_dat, import_dat
from pyao.content.fields import Pile
from pyao.content.items import Item
from pyao.content.npcs import NO_DROP, NpcKind
from pyao.content.report import MAX_FINDINGS, FindingKind, Report
from pyao.content.rulebook import Arena, FishingZone, Rulebook
from pyao.content.spells import Change, Spell
from pyao.errors import ContentError
from pyao.rules.kinds import CharClass, Skill

OBJ = "[OBJ1]\nName=Coin\nObjType=5\n[OBJ2]\nName=Apple\nObjType=1\n"
NPCS = "[NPC1]\nName=Rat\nNpcType=0\n"
SPELLS = "[HECHIZO1]\nNombre=Spark\nTipo=1\n"


@pytest.fixture
def made_up(tmp_path: Path) -> Callable[..., tuple[DatContent, list[str]]]:
    """Write a small folder, import it, and return the content and the findings as text."""

    def made(*, limits: bool = False, **files: str) -> tuple[DatContent, list[str]]:
        named = {"obj_dat": OBJ, "NPCs_dat": NPCS, "Hechizos_dat": SPELLS} | files
        for name, text in named.items():
            (tmp_path / name.replace("_", ".")).write_text(text, encoding="utf-8")
        report = Report()
        content = import_dat(tmp_path, report, known_client() if limits else None)
        found = [str(it) for it in report.findings if it.kind is not FindingKind.FILE]
        return content, found

    return made


Made = Callable[..., tuple[DatContent, list[str]]]


def test_every_field_of_an_item_is_read(made_up: Made) -> None:
    content, found = made_up(
        obj_dat=OBJ
        + "[OBJ3]\nname=Big sword\nOBJTYPE=2\nGrhIndex=504\nApuñala=1\nCP1=mago\nCP3=Clérigo\n"
        "SkillRequerido=Domar+animales-40\nItemCrafteo1=2-5 'apples\nSnd2=7\nAgarrable=1\n"
    )
    assert found == []
    assert content.items[3] == Item(
        number=3,
        name="Big sword",
        kind=2,
        graphic=504,
        stabs=True,
        forbidden_classes=(CharClass.MAGE, CharClass.CLERIC),
        required_skill=Skill.TAMING,
        required_skill_points=40,
        ingredients=(Pile(2, 5),),
        sounds=(0, 7),
        fixed=True,
    )


def test_every_list_of_an_npc_is_read(made_up: Made) -> None:
    content, found = made_up(
        NPCs_dat=NPCS
        + "[NPC2]\nName=O'Riley\nHeading=2\nReSpawn=1\nNROITEMS=2\nObj1=1-5\nObj2=2-7 'x\n"
        "Drop1=1-10\nDrop4=2-1\nLanzaSpells=1\nSp1=1\nNroCriaturas=1\nCI1=1\nCN1=Rat\n"
        "NROEXP=1\nExp1=Hello\nSnd3=9\n"
    )
    assert found == []
    npc = content.npcs[2]
    assert npc.name == "O'Riley"
    assert (npc.heading, npc.respawns, npc.death_sound) == (2, False, 9)
    assert npc.stock == (Pile(1, 5), Pile(2, 7))
    assert npc.drops == (Pile(1, 10), NO_DROP, NO_DROP, Pile(2, 1))
    assert npc.spells == (1,)
    assert [(trainee.number, trainee.name) for trainee in npc.creatures] == [(1, "Rat")]
    assert npc.phrases == ("Hello",)


def test_a_missing_key_reads_as_nothing(made_up: Made) -> None:
    content, _ = made_up()
    assert content.npcs[1] == NpcKind(number=1, name="Rat")
    assert content.npcs[1].respawns
    assert content.spells[1] == Spell(number=1, name="Spark", kind=1)


def test_a_spells_changes_and_flags_are_read(made_up: Made) -> None:
    content, found = made_up(
        Hechizos_dat="[HECHIZO4]\nSubeHP=2\nMinHP=3\nMaxHP=5\nParaliza=1\nPalabrasMagicas= \n"
    )
    assert found == []
    assert content.spells[4] == Spell(number=4, hp=Change(2, 3, 5), paralyses=True)


@pytest.mark.parametrize(
    ("file", "text", "finding"),
    [
        ("obj_dat", "[OBJ9]\nHechizoIndex=77", "obj.dat:2: [OBJ9] HECHIZOINDEX: names spell 77"),
        ("obj_dat", "[OBJ9]\nUpgrade=77", "obj.dat:2: [OBJ9] UPGRADE: names item 77"),
        ("obj_dat", "[OBJ9]\nCP1=Chef", "obj.dat:2: [OBJ9] CP1: 'Chef' is no class"),
        ("obj_dat", "[OBJ9]\nGrhIndex=99999", "obj.dat:2: [OBJ9] GRHINDEX: 99999 is not within"),
        ("obj_dat", "[OBJ9]\nValor=-5", "obj.dat:2: [OBJ9] VALOR: -5 is not within"),
        ("obj_dat", "[OBJ9]\nObjType=24", "obj.dat:1: [OBJ9]: is a scroll that teaches nothing"),
        ("obj_dat", "[OBJ9]\nSkillRequerido=Cook-4", "obj.dat:2: [OBJ9] SKILLREQUERIDO: 'Cook' is"),
        ("obj_dat", "[OBJ99999]\nName=x", "obj.dat:1: [OBJ99999]: is beyond 32767"),
        ("NPCs_dat", "[NPC9]\nHeading=0", "NPCs.dat:2: [NPC9] HEADING: 0 cannot be"),
        ("NPCs_dat", "[NPC9]\nHeading=7", "NPCs.dat:2: [NPC9] HEADING: 7 is not within 1 and 4"),
        ("NPCs_dat", "[NPC9]\nDrop2=88-1", "NPCs.dat:2: [NPC9] DROP2: names item 88"),
        ("NPCs_dat", "[NPC9]\nDrop6=1-1", "NPCs.dat:2: [NPC9] DROP6: there are only five"),
        ("NPCs_dat", "[NPC9]\nNROITEMS=1\nObj2=1-1", "NPCs.dat:3: [NPC9] OBJ2: lies beyond"),
        ("NPCs_dat", "[NPC9]\nQuestNumber=3", "NPCs.dat:2: [NPC9] QUESTNUMBER: names quest 3"),
        ("NPCs_dat", "[NPC9]\nLanzaSpells=1\nSp1=9", "NPCs.dat:3: [NPC9] SP1: names spell 9"),
        ("NPCs_dat", "[NPC9]\nNpcType=3", "NPCs.dat:1: [NPC9]: is a trainer without creatures"),
        ("NPCs_dat", "[NPC9]\nComercia=1", "NPCs.dat:1: [NPC9]: trades but has nothing to sell"),
        ("Hechizos_dat", "[HECHIZO9]\nNumNpc=9", "Hechizos.dat:2: [HECHIZO9] NUMNPC: names npc 9"),
        (
            "Hechizos_dat",
            "[HECHIZO9]\nTipo=4\nInvoca=1",
            "Hechizos.dat:1: [HECHIZO9]: summons nothing",
        ),
        (
            "ArmasHerrero_dat",
            "[Arma1]\nIndex=50",
            "ArmasHerrero.dat:2: [ARMA1] INDEX: names item 50",
        ),
        ("Ciudades_dat", "[Nix]\nMAPA=3\nX=500\nY=1", "Ciudades.dat:1: [NIX]: map 3 (500,1) is no"),
        ("Ciudades_dat", "[Oz]\nMAPA=3\nX=5\nY=1", "Ciudades.dat:1: [OZ]: no home of that name"),
        ("Balance_dat", "[MODVIDA]\nMago=1e9", "Balance.dat:2: [MODVIDA] MAGO: 1e+09 is no factor"),
        (
            "Balance_dat",
            "[DISTRIBUCION]\nE1=7",
            "Balance.dat:1: [DISTRIBUCION]: E1 to E5 do not sum",
        ),
        ("Balance_dat", "[MODRAZA]\nElfoFuerza=900", "Balance.dat:2: [MODRAZA] ELFOFUERZA: 900 is"),
        ("Motd_ini", "[MOTD]\nLine1=x", "Motd.ini:2: [MOTD] LINE1: lies beyond NumLines=0"),
    ],
)
def test_a_planted_mistake_is_reported_by_place_and_cause(
    made_up: Made, file: str, text: str, finding: str
) -> None:
    base = {"obj_dat": OBJ, "NPCs_dat": NPCS, "Hechizos_dat": SPELLS}.get(file, "")
    _, found = made_up(**{file: text + "\n" + base})
    assert len(found) == 1
    assert found[0].startswith(finding)


def test_the_small_lists_are_read(made_up: Made) -> None:
    content, found = made_up(
        Retos_dat="[ARENA1]\nMapa=4\nX=1\nY=2\nX2=3\nY2=4\n",
        EventoPesca_dat="[ZONA1]\nMapa=4\nCantidad=1\nPez1=2\n",
        Map_dat="[INIT]\nMapPath=..\\..\\etc\nNumMaps=12 'or so\n",
        Server_ini="[CLAN-PRETORIANO]\nMapa=163\nX=34\nY=25\n",
        Motd_ini="[INIT]\nNumLines=2\n[MOTD]\nLine1=Hi~1~2~3~0~0\nLine2=you\n",
        NombresInvalidos_txt="king\n[x]\n\n queen \n",
    )
    assert found == []
    assert content.rulebook.arenas == (Arena(4, 1, 2, 3, 4),)
    assert content.rulebook.fishing_zones == (FishingZone(4, (2,)),)
    assert content.rulebook.pretorian_camp == (163, 34, 25)
    assert (content.map_path, content.map_count) == ("..\\..\\etc", 12)
    assert content.motd == ["Hi", "you"]
    assert content.forbidden_names == ["king", "[x]", "queen"]


def test_looks_are_replaced_only_for_a_client_that_lacks_them(made_up: Made) -> None:
    worn = "[OBJ3]\nObjType=3\nGrhIndex=30000\nNumRopaje=600\n"
    content, found = made_up(obj_dat=OBJ + worn)
    assert (content.items[3].graphic, content.items[3].body, found) == (30_000, 600, [])
    content, found = made_up(limits=True, obj_dat=OBJ + worn)
    assert content.items[3].graphic in known_client().graphics
    assert content.items[3].body in known_client().bodies
    assert [text.split(": ")[1] for text in found] == ["[OBJ3] graphic", "[OBJ3] body"]


def test_npcs_of_older_distributions_come_from_two_files(made_up: Made, tmp_path: Path) -> None:
    (tmp_path / "NPCs-HOSTILES.dat").write_text("[NPC500]\nName=Wolf\n[NPC1]\nName=No\n")
    content, found = made_up()
    assert content.npcs[500].name == "Wolf"
    assert content.npcs[1].name == "Rat"
    assert found == ["NPCs-HOSTILES.dat:3: [NPC1]: is also in NPCs.dat, which counts"]


@pytest.mark.parametrize("name", ["obj.dat", "NPCs.dat", "Hechizos.dat"])
def test_a_folder_without_its_great_files_is_refused(
    made_up: Made, tmp_path: Path, name: str
) -> None:
    made_up()
    (tmp_path / name).unlink()
    with pytest.raises(ContentError, match="Dat folder"):
        import_dat(tmp_path, Report())


def test_a_great_file_without_sections_is_refused(made_up: Made) -> None:
    with pytest.raises(ContentError, match=r"no \[NPCn\] section"):
        made_up(NPCs_dat="nothing here")


def test_the_dat_folder_is_found_inside_a_distribution(made_up: Made, tmp_path: Path) -> None:
    made_up()
    inside = tmp_path / "distribution" / "DAT"
    inside.mkdir(parents=True)
    for path in tmp_path.glob("*.dat"):
        shutil.copy(path, inside)
    assert find_dat(tmp_path / "distribution") == inside
    with pytest.raises(ContentError, match="cannot be read"):
        find_dat(tmp_path / "nowhere")


def test_the_servers_own_settings_stand_beside_the_dat_folder(
    made_up: Made, tmp_path: Path
) -> None:
    made_up()
    inside = tmp_path / "distribution" / "Dat"
    inside.mkdir(parents=True)
    for path in tmp_path.glob("*.dat"):
        shutil.copy(path, inside)
    text = "[CLAN-PRETORIANO]\nMapa=163\nX=34\nY={}\n"
    (inside.parent / "SERVER.INI").write_text(text.format(25))
    assert import_dat(inside.parent, Report()).rulebook.pretorian_camp == (163, 34, 25)
    assert import_dat(inside, Report()).rulebook.pretorian_camp is None, "outside what was named"
    (inside / "Server.ini").write_text(text.format(26))
    assert import_dat(inside.parent, Report()).rulebook.pretorian_camp == (163, 34, 26)


def test_of_two_files_that_differ_only_in_case_one_is_read(made_up: Made, tmp_path: Path) -> None:
    made_up()
    (tmp_path / "OBJ.DAT").write_text("[OBJ7]\nName=Other\n", encoding="utf-8")
    if len(list(tmp_path.iterdir())) == 3:
        pytest.skip("this file system does not tell the case of names")
    report = Report()
    content = import_dat(tmp_path, report)
    assert (7 in content.items) != (1 in content.items)
    assert any("only in case" in str(finding) for finding in report.findings)


def test_texts_are_cut_and_freed_of_control_characters(made_up: Made) -> None:
    content, found = made_up(
        obj_dat=f"[OBJ1]\nName=a\x01\tb\nTexto={'x' * 5_000}\nSkillRequerido=\n"
    )
    assert content.items[1].name == "a b"
    assert len(content.items[1].text) == 4_000
    assert [text.split(": ")[1] for text in found] == ["[OBJ1] TEXTO", "[OBJ1] SKILLREQUERIDO"]


def test_links_that_lead_out_of_the_folder_are_not_followed(made_up: Made, tmp_path: Path) -> None:
    made_up()
    folder = tmp_path / "linked"
    folder.mkdir()
    (folder / "obj.dat").symlink_to(tmp_path / "obj.dat")
    with pytest.raises(ContentError, match=r"no obj\.dat"):
        import_dat(folder, Report())


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    data=st.dictionaries(
        st.sampled_from(
            [
                *("obj.dat", "NPCs.dat", "Hechizos.dat", "Quests.DAT", "Balance.dat", "Motd.ini"),
                *("Ciudades.dat", "ArmasHerrero.dat", "ArmadurasFaccionarias.dat", "Retos.dat"),
                *("EventoPesca.dat", "Pretorianos.dat", "NombresInvalidos.txt", "Map.dat"),
            ]
        ),
        st.one_of(
            st.binary(max_size=300),
            st.lists(
                st.builds(
                    "{}={}".format,
                    st.sampled_from(
                        [
                            *("ObjType", "GrhIndex", "CP1", "Snd1", "Drop1", "Obj1", "NROITEMS"),
                            *("HechizoIndex", "SubeHP", "Index", "Line1", "E1", "Heading", "Name"),
                            *("RequiredOBJs", "RequiredOBJ1", "MAPA", "X", "Y", "Cantidad", "Pez1"),
                        ]
                    ),
                    st.one_of(st.text(max_size=12), st.integers().map(str)),
                ),
                max_size=12,
            ).map(lambda lines: "\n".join(lines).encode("utf-8", errors="replace")),
        ),
    )
)
def test_any_bytes_give_records_with_findings_or_a_content_error(
    tmp_path: Path, data: dict[str, bytes]
) -> None:
    heads = {
        "obj.dat": b"[OBJ1]\n",
        "NPCs.dat": b"[NPC1]\n",
        "Hechizos.dat": b"[HECHIZO1]\n",
        "Quests.DAT": b"[QUEST1]\n",
        "ArmasHerrero.dat": b"[Arma1]\n",
        "Ciudades.dat": b"[NIX]\n",
        "EventoPesca.dat": b"[ZONA1]\n",
        "Retos.dat": b"[ARENA1]\n",
        "Motd.ini": b"[INIT]\nNumLines=3\n[MOTD]\n",
        "Balance.dat": b"[DISTRIBUCION]\n",
    }
    for left in tmp_path.iterdir():
        left.unlink()
    for name in heads.keys() | data.keys():
        (tmp_path / name).write_bytes(heads.get(name, b"") + data.get(name, b""))
    try:
        content = import_dat(tmp_path, Report(), known_client())
    except ContentError:
        return
    for records, kind in ((content.items, Item), (content.npcs, NpcKind), (content.spells, Spell)):
        for record in records.values():
            assert msgspec.convert(msgspec.to_builtins(record), kind) == record
    assert msgspec.convert(msgspec.to_builtins(content.rulebook), Rulebook) == content.rulebook


def test_a_folder_full_of_mistakes_gives_a_report_of_bounded_size(made_up: Made) -> None:
    sections = "".join(f"[OBJ{n}]\nUpgrade=32000\nValor=-1\n" for n in range(1, 10_000))
    _, found = made_up(obj_dat=sections)
    assert MAX_FINDINGS - 10 < len(found) <= MAX_FINDINGS


def test_a_section_full_of_list_entries_is_read_up_to_a_bound(made_up: Made) -> None:
    stock = "".join(f"Obj{n}=1-1\n" for n in range(1, 999))
    content, found = made_up(NPCs_dat=f"[NPC1]\nNROITEMS=999\n{stock}")
    assert len(content.npcs[1].stock) == 100
    assert found == ["NPCs.dat:1: [NPC1]: 998 entries of OBJ; only 100 are read"]
