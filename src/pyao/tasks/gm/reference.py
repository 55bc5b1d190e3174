"""The page docs/game-masters.md, rendered from the orders so that it cannot fall behind them.

`python -m pyao.tasks.gm.reference > docs/game-masters.md` writes it; a test compares the two.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from pyao.rules.kinds import Privilege
from pyao.rules.orders import Right
from pyao.tasks.gm.door import ORDERS, Order
from pyao.tasks.packet_handlers import TASK_HANDLERS

INTRODUCTION: Final = """\
# Game masters

The orders that staff gives from inside the game. This page is generated from `src/pyao/tasks/gm/`
(`python -m pyao.tasks.gm.reference > docs/game-masters.md`).

An operator makes somebody staff at the console: `users rank NAME demigod`; it holds from the next
log-in on. Ranks are counsellor, demigod, god and admin, each with the orders of those before it;
`users mark NAME role_master` makes a role master. `users grant NAME people.kick` lets one account
give the orders of a permission whatever its rank, `users revoke` takes them away. Staff comes into
the game unseen; `/invisible` changes that.

- Orders are typed as talk, with any client, or sent as packets by clients that have them.
- A name with spaces is typed with `+`: `/ira Juan+Perez`. Where the table shows `@` or `,` between
  words, it stands there; spaces do as well where the words themselves have none.
- `YO` is oneself. A map, a place or a radius that is left out is one's own.
- Who may not give an order is told so, and `/panelgm` lists what one may. To players without a rank
  the words mean nothing.
- Gods are hidden: lower ranks neither find them nor see them in lists. Nobody acts against a higher
  rank; who bans one of the same rank is banned too.
- What an order says is "logged" has a row in the audit: who, what, whom, where, when. Every thing
  and coin that an order makes or destroys has its line in the ledger as well (causes `gm made`,
  `gm destroyed`, `gm mod`).
- Changes of maps (`/bloq`, `/trigger`, `/modmapinfo`, `/ct`) last until the map is read again or
  the server stops.

"RM" says what role masters may, whose mark goes on top of a rank: "as rank", "no", or the rank from
which they may.
"""


def render() -> str:
    """Return the whole page."""
    lines = [INTRODUCTION, "| order | from | RM | permission | logged | what it does |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    lines.extend(_rows())
    return "\n".join(lines) + "\n"


def _rows() -> Iterator[str]:
    for word in sorted(ORDERS):
        entry = ORDERS[word]
        if entry.packet is not None and entry.packet.key not in TASK_HANDLERS:
            continue
        usage = entry.usage.replace("|", "\\|")
        logged = "yes" if entry.logged or word in TAKES_ITS_OWN_ROW else "no"
        yield (
            f"| `{usage}` | {_name(entry.right.least)} | {_masters(entry.right)} "
            f"| `{entry.right.permission}` | {logged} | {_summary(entry)} |"
        )


# Their row is stored in the cut of their effect, which comes later than the order.
TAKES_ITS_OWN_ROW: Final = frozenset(
    {"silenciar", "echar", "ban", "unban", "apass", "aemail", "aname"}
)


def _summary(entry: Order) -> str:
    """Return the first line of what an order's function says of itself."""
    return (entry.function.__doc__ or "").strip().partition("\n")[0]


def _masters(right: Right) -> str:
    if right.masters is None:
        return "no"
    return "as rank" if right.masters == right.least else _name(right.masters)


def _name(rank: Privilege) -> str:
    return (rank.name or "").lower()


if __name__ == "__main__":
    sys.stdout.write(render())
