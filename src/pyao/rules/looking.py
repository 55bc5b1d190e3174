"""Who is seen by whom, and what a click tells of somebody's health by the clicker's survival skill.

Follows ao-libre/ao-server, GameLogic.bas (LookatTile) and modSendData.bas. The values are keys of
texts.
"""

from __future__ import annotations

from enum import Enum

from pyao.rules.kinds import Faction, NpcRole, Privilege
from pyao.rules.person import Person
from pyao.rules.records import CreatureFigures

_SEEING = int(Privilege.DEMIGOD | Privilege.GOD | Privilege.ADMIN)
_ROLE_MASTER = int(Privilege.ROLE_MASTER)

UNSKILLED = 10
EXACT_FROM = 60


class Condition(Enum):
    """How a creature seems to be."""

    DOUBTFUL = "look.condition_doubtful"
    DYING = "look.condition_dying"
    ALMOST_DEAD = "look.condition_almost_dead"
    VERY_BADLY_HURT = "look.condition_very_badly_hurt"
    BADLY_HURT = "look.condition_badly_hurt"
    HURT = "look.condition_hurt"
    HEALTHY = "look.condition_healthy"
    INTACT = "look.condition_intact"
    EXACT = "look.condition_exact"


_Row = tuple[int, Condition]  # below this per cent of life
_HALF: tuple[_Row, ...] = ((50, Condition.HURT),)
_QUARTERS: tuple[_Row, ...] = ((50, Condition.BADLY_HURT), (75, Condition.HURT))
_FINER: tuple[_Row, ...] = ((25, Condition.VERY_BADLY_HURT), *_QUARTERS)
_FINEST: tuple[_Row, ...] = (
    (5, Condition.DYING),
    (10, Condition.ALMOST_DEAD),
    *_FINER,
    (100, Condition.HEALTHY),
)
_BY_SKILL = ((20, _HALF), (30, _QUARTERS), (40, _FINER), (EXACT_FROM - 1, _FINEST))


def sees_veiled(privileges: int) -> bool:
    """Return whether one of this rank sees those who hid or became invisible."""
    return bool(privileges & _SEEING) and not privileges & _ROLE_MASTER


def struck_down(who: Person, kind: CreatureFigures) -> bool:
    """Return whether a noble kills who clicks it: the king the legion's, the demon the army's."""
    enemy = Faction.ROYAL if kind.faction else Faction.CHAOS
    return kind.role == NpcRole.NOBLE and who.faction is enemy and not (who.staff or who.dead)


def condition(hp: int, max_hp: int, survival: int, *, staff: bool = False) -> Condition:
    """Return what one sees of a creature's health."""
    if staff or survival >= EXACT_FROM:
        return Condition.EXACT
    if survival <= UNSKILLED:
        return Condition.DOUBTFUL
    rows = next(rows for upto, rows in _BY_SKILL if survival <= upto)
    worst = next((seems for below, seems in rows if hp * 100 < below * max_hp), None)
    if worst is not None:
        return worst
    return Condition.INTACT if rows is _FINEST else Condition.HEALTHY
