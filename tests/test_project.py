"""What stands around the code is true: README, pages, workflows, containers, versions, scripts."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pyao.config import SETTINGS

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
PAGES = sorted((ROOT / "docs").glob("*.md"))
TEXTS = [ROOT / "README.md", ROOT / "README.es.md", ROOT / "Claude.md", *PAGES]
SCRIPTS = ["pyao-server", "run_tests.sh", ".ci/run"]
# Parts of paths that exist on one machine only; spelt so that this file does not hold them.
MACHINE_PATHS = re.compile(r"(?<![\w.])/(tmp|work|farm|root)" + "/")


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def tracked() -> list[Path]:
    """Return the files git knows; a source archive has no git, and nothing to compare."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return [Path(name) for name in listed.stdout.split("\0") if name]


def workflow(name: str) -> dict[Any, Any]:
    read: dict[Any, Any] = yaml.safe_load((ROOT / ".github/workflows" / name).read_text())
    return read


def steps(read: dict[Any, Any]) -> Iterator[dict[str, Any]]:
    for job in read["jobs"].values():
        yield from job.get("steps", ())


def tree_of_readme() -> list[Path]:
    """Return the paths of the tree in README.md, in order."""
    text = (ROOT / "README.md").read_text()
    block = re.search(r"## Project\n+```\n(.*?)```", text, re.DOTALL)
    assert block is not None
    found: list[Path] = []
    parent = Path()
    for line in block[1].splitlines():
        name = line.split()[0]
        if line.startswith(" "):
            found.append(parent / name)
        else:
            parent = Path(name)
            found.append(parent)
    return found


def test_every_path_in_the_readme_tree_exists_and_says_what_it_is() -> None:
    missing = [str(path) for path in tree_of_readme() if not (ROOT / path).exists()]
    assert missing == []


def test_the_readme_tree_names_everything_a_newcomer_meets() -> None:
    shown = {str(path) for path in tree_of_readme()}
    plain = {".gitignore", ".dockerignore", "LICENSE", "README.md", "README.es.md"}
    top = {path.parts[0] for path in tracked()} - plain
    top = {"src/pyao" if name == "src" else name for name in top}
    parts = {
        str(Path(*path.parts[:3])) for path in tracked() if path.is_relative_to("src/pyao")
    } - {"src/pyao/__init__.py", "src/pyao/__init__.pyi", "src/pyao/py.typed"}
    assert sorted((top | parts) - shown) == []


def test_both_readmes_list_the_options_the_server_has() -> None:
    options = [(one.option, one.env) for one in SETTINGS.values() if one.option]
    for name in ("README.md", "README.es.md"):
        rows = re.findall(
            r"^\| `(--[a-z-]+)` \| `(PYAO_[A-Z_]+)` \|", (ROOT / name).read_text(), re.MULTILINE
        )
        assert sorted(rows) == sorted([*options, ("--config", "PYAO_CONFIG")]), name


def test_both_readmes_show_the_same_commands() -> None:
    blocks = [
        re.findall(r"```bash\n(.*?)```", (ROOT / name).read_text(), re.DOTALL)
        for name in ("README.md", "README.es.md")
    ]
    assert blocks[0] == blocks[1]
    assert blocks[0][:2] == ["./pyao-server\n", "./run_tests.sh\n"]


def test_the_spanish_default_values_are_the_english_ones() -> None:
    rows = [
        re.findall(
            r"^\| `(--[a-z-]+)` \|[^|]*\| (`[^`]*`)", (ROOT / name).read_text(), re.MULTILINE
        )
        for name in ("README.md", "README.es.md")
    ]
    assert rows[0] == rows[1]


def test_there_are_ten_pages_written_by_hand_at_most() -> None:
    written = [page for page in PAGES if "`python -m pyao." not in page.read_text()[:600]]
    assert 1 <= len(written) <= 10


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(text: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text.read_text()):
        if "://" not in target:
            assert (text.parent / target).exists(), target


@pytest.mark.parametrize("text", TEXTS, ids=lambda path: path.name)
def test_variables_named_in_pages_are_settings(text: Path) -> None:
    known = {one.env for one in SETTINGS.values()} | {"PYAO_CONFIG"}
    for test in (ROOT / "tests/conftest.py", *ROOT.glob("tests/integration/*.py")):
        known |= set(re.findall(r"PYAO_TEST_[A-Z_]+", test.read_text("utf-8")))
    named = set(re.findall(r"PYAO_[A-Z][A-Z_]+", text.read_text()))
    assert named - known == set()


def test_versions_agree() -> None:
    version = project()["project"]["version"]
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    (locked,) = [one["version"] for one in lock["package"] if one["name"] == "pyao-server"]
    assert locked == version
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] in ("Unreleased", version)


def test_every_supported_python_is_named_and_checked() -> None:
    about = project()["project"]
    assert about["requires-python"] == f">={PYTHONS[0]}"
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(about["classifiers"]))
    assert named == PYTHONS
    matrix = workflow("ci.yml")["jobs"]["checks"]["strategy"]["matrix"]
    assert matrix["python"] == PYTHONS


def test_the_tools_are_set_to_their_strictest() -> None:
    tools = project()["tool"]
    assert tools["ruff"]["lint"]["select"] == ["ALL"]
    assert tools["mypy"]["strict"] is True
    assert tools["importlinter"]["contracts"][0]["exhaustive"] is True


@pytest.mark.parametrize("name", ["ci.yml", "endurance.yml", "release.yml"])
def test_every_step_of_a_workflow_does_one_thing(name: str) -> None:
    for step in steps(workflow(name)):
        assert ("run" in step) != ("uses" in step), step
        if "uses" in step:
            assert re.fullmatch(r"[\w./-]+@v\d+", step["uses"])


def test_continuous_integration_runs_the_one_script_with_redis() -> None:
    checks = workflow("ci.yml")["jobs"]["checks"]
    assert "redis" in checks["services"]
    assert checks["env"]["CI"] == "true"
    assert [step["run"] for step in checks["steps"] if "run" in step] == [".ci/run"]
    assert "exec ./run_tests.sh" in (ROOT / ".ci/run").read_text()


@pytest.mark.parametrize(
    ("job", "command"),
    [("benchmarks", "python -m benchmarks --short"), ("faults", "python -m benchmarks.faults")],
)
def test_continuous_integration_runs_the_short_form_of_both_tables(job: str, command: str) -> None:
    read = workflow("ci.yml")["jobs"][job]
    last = read["steps"][-1]
    assert command in last["run"]
    assert "|" not in last["run"] or last["shell"] == "bash"
    assert read["timeout-minutes"] <= 10


def test_leaks_are_looked_for_ten_minutes_in_each_run_and_for_an_hour_twice_a_day() -> None:
    short, hour = workflow("ci.yml")["jobs"]["endurance"], workflow("endurance.yml")
    command = "python -m benchmarks.endurance"
    assert short["steps"][-1]["run"].endswith(f"{command} --minutes 10 --bots 100")
    assert short["timeout-minutes"] > 10
    (schedule,) = hour[True]["schedule"]
    assert len(schedule["cron"].split()[1].split(",")) == 2
    assert hour["jobs"]["hour"]["steps"][-1]["run"].endswith(command)
    assert hour["jobs"]["hour"]["timeout-minutes"] > 60


def test_a_release_follows_a_tag_and_tries_the_wheel_before_publishing() -> None:
    release = workflow("release.yml")
    # YAML 1.1 reads the key `on` as true.
    assert release[True]["push"]["tags"] == ["v*"]
    jobs = release["jobs"]
    assert [jobs[name].get("needs") for name in ("tests", "build", "try", "publish")] == [
        None,
        "tests",
        "build",
        "try",
    ]
    assert "uv build" in [step.get("run") for step in jobs["build"]["steps"]]
    assert any("pyao-server" in str(step.get("run")) for step in jobs["try"]["steps"])


def test_run_tests_runs_every_check() -> None:
    text = (ROOT / "run_tests.sh").read_text()
    for part in (
        "sync --locked --dev",
        "ruff check .",
        "ruff format --check .",
        "mypy",
        "lint-imports",
        "--dist worksteal --cov",
    ):
        assert part in text


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_can_be_run_and_reads_as_shell(name: str) -> None:
    path = ROOT / name
    assert path.stat().st_mode & 0o111
    shell = path.read_text().splitlines()[0].removeprefix("#!").split()
    subprocess.run([*shell, "-n", str(path)], check=True)


def test_containers_name_only_settings_that_exist() -> None:
    known = {one.env for one in SETTINGS.values()}
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    assert set(compose["services"]["server"]["environment"]) <= known
    command = compose["services"]["redis"]["command"]
    assert command[command.index("--appendonly") + 1] == "yes"
    dockerfile = (ROOT / "Dockerfile").read_text()
    assert set(re.findall(r"PYAO_[A-Z_]+", dockerfile)) <= known
    assert "USER pyao" in dockerfile
    assert "HEALTHCHECK" in dockerfile


def test_the_import_rules_hold() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    if not linter.exists():
        pytest.skip("import-linter is not installed beside this Python")
    done = subprocess.run(
        [str(linter), "--no-cache"], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


def test_no_file_names_a_path_of_one_machine() -> None:
    found = []
    for path in tracked():
        if path.name == "uv.lock" or path.parts[0] in ("tests", "benchmarks"):
            continue
        text = (ROOT / path).read_bytes().decode("utf-8", "replace")
        found += [f"{path}: {line}" for line in text.splitlines() if MACHINE_PATHS.search(line)]
    assert found == []


def test_no_module_is_longer_than_six_hundred_lines() -> None:
    long = {
        str(path): count
        for path in tracked()
        if path.suffix == ".py" and path.parts[0] == "src" and (ROOT / path).exists()
        if (count := len((ROOT / path).read_text().splitlines())) > 600
    }
    assert long == {}
