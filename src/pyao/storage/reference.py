"""The page docs/storage.md, rendered from the key table so that it cannot fall behind it.

`python -m pyao.storage.reference > docs/storage.md` writes it; a test compares the two.
"""

from __future__ import annotations

import sys
from typing import Final

from pyao.storage.history import KEEP_S
from pyao.storage.keys import KINDS
from pyao.storage.presence import TTL_S
from pyao.storage.records import field_table
from pyao.storage.repository import LEASE_S, SCHEMA_VERSION

INTRODUCTION: Final = f"""\
# Storage

What the server remembers, and under which key. This page is generated from `src/pyao/storage/`
(`python -m pyao.storage.reference > docs/storage.md`). Layout version: {SCHEMA_VERSION}.

The same keys exist in both stores. In Redis they are plain keys: `redis-cli HGETALL
player:1:position`. In SQLite (`world.db` in the data folder) they are rows of the view
`everything`, a hash written as JSON, and the audit is the table `audit`. Below that view are the
tables `records` and, for where characters stand, `places`: for everybody who walks that is written
each second.

## How it is written

- The running server is the authority; the store follows it in cuts. A cut holds everything that
  changed since the last one, of all players, and is one transaction: a crash leaves the world as it
  was at one moment, never half a trade. The period is `snapshot_ms`; value changes hands at once.
- Each cut carries the next number (`world:commit`), checked inside its transaction. A cut that got
  no answer is sent again as it was, and counts once.
- One server owns the world. It raises `world:epoch` when it starts, and a cut of a lower epoch is
  refused. On SQLite a file lock beside the database names the owner and ends with its process; on
  Redis it is `world:owner`, renewed every second, which runs out after {LEASE_S:.0f} s, or at once
  when the next server starts on the same machine.
- While the store is away the game goes on. Changes wait in memory, one value per key, and are
  written when it is back.
- A store that was emptied or rolled back under a running server is noticed by its commit number
  within a second. The server writes all that lives, and all that it wrote during the last
  {KEEP_S:.0f} s, again.
- With Redis, turn on `appendonly yes`: without it, a Redis that dies forgets everybody who is not
  in the game. One that makes room by removing any key (`maxmemory-policy allkeys-...`) is refused.
- Keys marked *live* have {TTL_S} s to live and are renewed.

Change records of characters only while they are not in the game: the server does not look again.
A record that cannot be understood sets its character aside with a line in the log that names key,
field and what was expected; it is never overwritten. Fields that this version does not know are
kept.

## Keys

Names in keys are in lower case, and everything but letters, digits and `_.-~` is percent-encoded:
the account of `Juan Perez` is `account:juan%20perez`. `{{user_id}}` is the number of a character.

| key | type | how long | what |
| --- | --- | --- | --- |
"""


def render() -> str:
    """Return the whole page as Markdown."""
    rows = [
        f"| `{kind.pattern}` | {kind.shape} | {kind.lifetime} | {kind.purpose} |" for kind in KINDS
    ]
    parts = [INTRODUCTION + "\n".join(rows) + "\n\n## Fields of a character\n"]
    for part, fields in field_table().items():
        lines = [f"| `{name}` | {values} |" for name, values in fields]
        head = f"\n### `player:{{user_id}}:{part}`\n\n| field | holds |\n| --- | --- |\n"
        parts.append(head + "\n".join(lines) + "\n")
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.write(render())
