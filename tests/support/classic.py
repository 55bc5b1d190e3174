"""The classic world of 290 maps, imported once for all tests, and the files of its client.

Needs ../shared/data; its files are inputs of tests on a developer's machine only.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest
from tests.support.archives import unpack
from tests.support.client_facts import Ground, read_graphics, read_ground
from tests.support.server_process import run_command

from pyao.content.world_data import WorldData
from pyao.content.world_file import load_world

FILES = ("classic290-maps", "argentum-net-resources", "godot-client-assets")


class Classic:
    """The imported world and the client it is for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "data" / "world.pyao"
        self.assets = folder / "godot-client" / "Assets"

    def ground(self, number: int) -> Ground:
        return read_ground(self.assets / "Maps" / f"mapa{number}.map")

    def graphics(self) -> frozenset[int]:
        return read_graphics(self.assets / "Init" / "graficos.ind")

    def make(self, shared: Path) -> None:
        """Unpack and import, as an operator does."""
        for name in FILES:
            unpack(shared, name, self.folder)
        ended = run_command(
            "import", "--data-dir", "data",
            "--maps", str(self.folder / "classic290" / "maps"),
            "--dat", str(self.folder / "argentum-server-net" / "resources" / "Dat"),
            "--client-assets", str(self.assets),
            cwd=self.folder,
        )  # fmt: skip
        assert ended.returncode == 0, ended
        assert "290" in ended.stdout


@pytest.fixture(scope="session", name="classic")
def classic_fixture(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Classic:
    """Return the imported world; processes that test at the same time import it once."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "classic"
    folder.mkdir(exist_ok=True)
    made = Classic(folder)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.file.exists():
            made.make(shared)
    return made


@pytest.fixture(scope="session", name="world")
def world_fixture(classic: Classic) -> WorldData:
    return load_world(classic.file)
