"""Texts made from the settings: the reference page, `.env.example`, and commented files.

`python -m pyao.config.pages` writes the first two into the project; a test fails when they are out
of date. `pyao-server init` writes the others, and never over a file that exists.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pyao.config.fields import GROUPS, SETTINGS, Setting, show
from pyao.config.load import FILE_NAMES
from pyao.config.manager import write_atomically
from pyao.config.settings import Settings

_INTRO = """\
# Configuration

<!-- Made by `python -m pyao.config.pages` from src/pyao/config/settings.py: change it there. -->

Every setting has a default, so the server starts without any of this. A value is looked for in
these places; a later one wins:

1. the defaults below
2. `config/main.yaml`, then `config/server/server.yaml`, in the working folder and then in the data
   folder (`DATA_DIR/config/…`)
3. the file of `--config FILE` or `PYAO_CONFIG` (YAML or JSON)
4. `.env` in the working folder
5. environment variables `PYAO_…`
6. Redis keys `config:server:NAME`, when the store is Redis
7. the command line

A wrong value or an unknown name stops the start, before anything is written. One line per mistake
says where it stands, what was expected, what came and what to do:

```
config/server/server.yaml:4: server.port: expected a whole number from 0 to 65535, \
came "abc"; correct it or remove the line (default 7666)
```

`pyao-server config show` prints every value in force and where it came from. `pyao-server init`
writes commented files to start from.

## While the server runs

Edited files are read again within two seconds, Redis keys too. Settings marked *live* take effect
at once; the others are reported and wait for the next start. An edit that cannot be accepted is
reported with file, line and field, and the old values stay in force.

```
redis-cli SET config:server:max_connections 500
redis-cli DEL config:server:max_connections
```

The name is that of the setting without its group: `config:server:motd`, `config:server:log_level`.
Defaults are never written into Redis. Settings marked *before Redis* are
needed to find the store and cannot be kept in it.

## In files

A setting stands in its group (`server:`, then `port: 7700`), or alone at the top (`port: 7700`).
Inside its group the group's name may be left out: `log:`, then `level: DEBUG`. Lists may also be
written as text with commas. In a variable an empty text means "not set".

The same in JSON:

```json
{"server": {"port": 7700, "host": ["0.0.0.0", "::"]}, "log": {"level": "DEBUG"}}
```

Files of two other servers are understood as far as their settings exist here: `tcpPort`,
`enableUDP`, `udpPort` and `defaultRoomSettings` of a VampireTCP JSON file; `logging`, `network` and
the limits under `security` of a DracoSoft `server.yaml`.

"""

_MODULES = """\
## Files of modules

`config/modules/NAME.yaml` belongs to the module NAME:

```yaml
enabled: true       # false keeps the module off
auto_load: true     # false loads it only by command
log_level: DEBUG    # for this module alone; leave out for the server's level
settings:           # the module's own, checked by the schema it brings
  greeting: Welcome
```
"""

_ENV_INTRO = """\
# Settings of PyAO Server for this folder. Copy to .env and uncomment what you change.
# Real environment variables win over this file. docs/configuration.md explains each name.
"""

_YAML_INTRO = """\
# {about}
# Uncomment what you change; docs/configuration.md lists where else a value may come from.
# Edits are seen within two seconds; values marked (live) take effect without a restart.
"""


def settings_page() -> str:
    """Return the reference page `docs/configuration.md`."""
    parts = [_INTRO]
    for group in ("", *GROUPS):
        parts += [f"## {_title(group)}\n\n", *_table(_of(group)), "\n"]
    return "".join([*parts, _MODULES])


def dotenv_example() -> str:
    """Return `.env.example`: every variable, commented out, with its default."""
    lines = [_ENV_INTRO, "\n# A YAML or JSON file with settings.\n# PYAO_CONFIG=\n"]
    for group in ("", *GROUPS):
        lines.append(f"\n# --- {_title(group)}\n")
        for one in _of(group):
            value = "" if one.default in (None, [], {}) else show(one.default)
            lines += [*_explained(one, ""), f"# {one.env}={value}\n"]
    return "".join(lines)


def server_yaml() -> str:
    """Return a `config/server/server.yaml` that changes nothing and explains everything."""
    parts = [_YAML_INTRO.format(about="Main configuration of PyAO Server.")]
    parts += ["\n", *_yaml_lines(_of(""), "")]
    for group in GROUPS:
        if group != "modules":
            parts += [f"\n# {_about(group)}\n{group}:\n", *_yaml_lines(_of(group), "  ")]
    return "".join(parts)


def main_yaml() -> str:
    """Return a `config/main.yaml` that changes nothing and explains how modules are loaded."""
    about = "Which modules PyAO Server loads; config/modules/NAME.yaml configures each."
    parts = [_YAML_INTRO.format(about=about), "\nmodules:\n"]
    return "".join([*parts, *_yaml_lines(_of("modules"), "  ")])


def init_files(folder: Path) -> list[Path]:
    """Make the folders and commented files an operator edits; return the files written.

    A file that exists is left alone.
    """
    for name in ("config/server", "config/modules", "data", "logs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    written = []
    for below, text in zip(FILE_NAMES, (main_yaml(), server_yaml()), strict=True):
        path = folder / "config" / below
        if not path.exists():
            write_atomically(path, text)
            written.append(path)
    return written


def _of(group: str) -> list[Setting]:
    return [one for one in SETTINGS.values() if one.group == group]


def _title(group: str) -> str:
    return f"{group}: {_about(group)}" if group else "Where the server works"


def _about(group: str) -> str:
    """Return what a group is about: the first sentence of its class."""
    about = type(getattr(Settings(), group)).__doc__ or ""
    return about.strip().splitlines()[0].rstrip(".")


def _explained(one: Setting, indent: str) -> Iterator[str]:
    """Say as comment lines what a setting means, what it accepts and when a change counts."""
    unit = f" ({one.unit})" if one.unit else ""
    live = " (live)" if one.live else ""
    for text in (one.sentence, f"Accepts {one.expects}{unit}.{live}"):
        lead = f"{indent}# "
        for line in textwrap.wrap(text, 98, initial_indent=lead, subsequent_indent=lead):
            yield f"{line}\n"


def _table(settings: Sequence[Setting]) -> Iterator[str]:
    yield "| setting | variable | default | accepts | changes | meaning |\n"
    yield "| --- | --- | --- | --- | --- | --- |\n"
    for one in settings:
        when = "live" if one.live else "at start"
        if one.redis_key is None:
            when += ", before Redis"
        name = f"`{one.path}`" + (f", `{one.option}`" if one.option else "")
        accepts = one.expects + (f" ({one.unit})" if one.unit else "")
        bare = one.default in (None, [], {})
        default = show(one.default) if bare else f"`{show(one.default)}`"
        cells = [name, f"`{one.env}`", default, accepts, when, one.sentence]
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"


def _yaml_lines(settings: Iterable[Setting], indent: str) -> Iterator[str]:
    for one in settings:
        yield from _explained(one, indent)
        default = str(one.default) if isinstance(one.default, Path) else one.default
        plain = isinstance(default, str) and default.isidentifier()
        yield f"{indent}# {one.short}: {default if plain else json.dumps(default)}\n"


def main() -> None:
    """Write the pages that are kept in the project."""
    root = Path(__file__).parents[3]
    write_atomically(root / "docs" / "configuration.md", settings_page())
    write_atomically(root / ".env.example", dotenv_example())


if __name__ == "__main__":
    main()
