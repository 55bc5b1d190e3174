"""Where modules come from: files, folders, installed packages, the server itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.small_server import Workshop

from pyao.errors import ModuleError
from pyao.modules import BaseModule
from pyao.modules.loading import BuiltinSource, FileSource, files_in, installed

TEXT = "from pyao.modules import BaseModule\nclass Found(BaseModule): pass\n"


def test_files_and_folders_are_found_by_name(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "_private.py", "no-name.py", "1st.py", "notes.txt"):
        (tmp_path / name).write_text(TEXT)
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "__init__.py").write_text(TEXT)
    (tmp_path / "empty").mkdir()
    assert [source.name for source in files_in(tmp_path)] == ["a", "b", "c"]
    assert list(files_in(tmp_path / "nowhere")) == []


def test_imported_and_private_classes_are_not_the_module(tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    path.write_text(
        "from pyao.modules.sqlite_module import SQLiteModule\n"
        "from pyao.modules import BaseModule\n"
        "class _Base(BaseModule): pass\n"
        "class Real(_Base): pass\n"
    )
    code = FileSource("one", path).fetch(1)
    assert code.module_class.__name__ == "Real"
    code.discard()


def test_what_is_built_in_must_be_a_module() -> None:
    class Extra(BaseModule):
        pass

    source = BuiltinSource("extra", Extra)
    assert source.fetch(1).module_class is Extra
    assert source.where.startswith("built in")
    with pytest.raises(ModuleError, match="expected a subclass of BaseModule"):
        BuiltinSource("wrong", int).fetch(1)  # type: ignore[arg-type] # on purpose


async def test_modules_of_installed_packages_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "site" / "pyao_extra_parts-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pyao-extra-parts\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[pyao.modules]\nextra = pyao_extra_parts\nclassy = pyao_extra_parts:Found\n"
        "broken = pyao_extra_parts:TEXT\nbad-name = pyao_extra_parts\n"
    )
    (tmp_path / "site" / "pyao_extra_parts.py").write_text(f"{TEXT}TEXT = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    assert {source.name for source in installed()} == {"extra", "classy", "broken"}
    workshop = Workshop(tmp_path / "modules")
    assert sorted(await workshop.manager.load_all_modules()) == ["classy", "extra"]
    assert "expected a subclass of BaseModule, came 1" in workshop.error("broken")
    status = workshop.manager.get_module_status("classy")
    assert status is not None
    assert status["source"] == "entry point pyao_extra_parts:Found"
    assert await workshop.manager.reload_module("extra")


async def test_a_file_in_the_folder_wins_over_what_is_built_in(tmp_path: Path) -> None:
    class Extra(BaseModule):
        pass

    workshop = Workshop(tmp_path, builtin={"extra_module": Extra}, load_order=["extra"])
    workshop.write("extra_module", TEXT)
    assert await workshop.manager.load_all_modules() == ["extra_module"]
    assert type(workshop.module("extra")).__name__ == "Found"
