"""How often one may act: hits, spells, shots, potions, items, work and steps, checked together.

Follows ao-libre/ao-server, modNuevoTimer.bas, with the loophole of two spells around one hit
closed (`strict`), and Protocol.bas (the count of 30 walks). An action that comes too early is
ignored and restarts nothing.

The classic server lets things be used every 125 ms, over three times as often as a client does,
and counts steps only to punish. Here both also draw on spare ones that come back at the pace of a
client: what a stalled network delivers at once is granted, and who is faster gains nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pyao.rules.options import IntervalFigures

LONG_AGO = -(1 << 40)
STILL_MS = 400  # after the time of its last step one counts as standing
ANSWERS, ANSWER_MS = 20, 150  # walks that lead nowhere: answered at once, then one by one
COUNTED_STEPS = 30
COUNTED_STEPS_MS = 5800  # an honest client needs 8000
SUSPICION_MS = 30_000
SPEED_FIGURE = 126_000


@dataclass(slots=True)
class Intervals:
    """When one player last did what, in milliseconds."""

    hit: int = LONG_AGO
    cast: int = LONG_AGO
    bow: int = LONG_AGO
    hit_after_cast: int = LONG_AGO
    cast_after_hit: int = LONG_AGO
    potion: int = LONG_AGO
    use: int = LONG_AGO
    uses_full_at: int = LONG_AGO  # when all spare uses are there again
    work: int = LONG_AGO
    talks_full_at: int = LONG_AGO  # when all spare lines are there again

    def may_hit(self, now: int, figures: IntervalFigures) -> bool:
        """Strike in melee, if a shot, a spell and the last hit are long enough ago."""
        if not _past(now, self.bow, figures.bow, figures):
            return False
        soon = figures.hit_after_cast
        first = self.hit_after_cast <= self.cast and _past(now, self.cast, soon, figures)
        if first and (not figures.strict or _past(now, self.hit, soon, figures)):
            moment = max(now, self.cast + soon)
            if figures.strict:
                moment = max(moment, self.hit + soon)
            self.hit_after_cast = self.hit = self.potion = moment
            return True
        if _past(now, self.hit, figures.hit, figures):
            self.hit = self.potion = max(now, self.hit + figures.hit)
            return True
        return False

    def may_cast(self, now: int, figures: IntervalFigures) -> bool:
        """Cast, if a shot, a hit and the last spell are long enough ago."""
        if not _past(now, self.bow, figures.bow, figures):
            return False
        soon = figures.cast_after_hit
        first = self.cast_after_hit <= self.hit and _past(now, self.hit, soon, figures)
        if first and (not figures.strict or _past(now, self.cast, soon, figures)):
            moment = max(now, self.hit + soon)
            if figures.strict:
                moment = max(moment, self.cast + soon)
            self.cast_after_hit = self.cast = moment
            return True
        if _past(now, self.cast, figures.cast, figures):
            self.cast = max(now, self.cast + figures.cast)
            return True
        return False

    def may_shoot(self, now: int, figures: IntervalFigures) -> bool:
        """Release an arrow, if a hit, a spell and the last shot are long enough ago."""
        if (
            _past(now, self.hit, figures.hit, figures)
            and _past(now, self.cast, figures.cast, figures)
            and _past(now, self.bow, figures.bow, figures)
        ):
            self.bow = max(now, self.bow + figures.bow)
            return True
        return False

    def may_drink(self, now: int, figures: IntervalFigures) -> bool:
        """Drink a potion, if the last hit is long enough ago; only hits make one wait."""
        return _past(now, self.potion, figures.potion_after_hit, figures)

    def may_use(self, now: int, figures: IntervalFigures, *, consume: bool = True) -> bool:
        """Use an item. A bow is looked at without restarting the time (`consume` false)."""
        full_at = max(self.uses_full_at, now)
        if full_at - now > (figures.use_burst - 1) * figures.use_pace:
            return False
        if not _past(now, self.use, figures.use, figures):
            return False
        if consume:
            self.use = max(now, self.use + figures.use)
            self.uses_full_at = full_at + figures.use_pace
        return True

    def may_work(self, now: int, figures: IntervalFigures) -> bool:
        """Fish, cut, mine, steal, craft, tame, smelt or hide."""
        if not _past(now, self.work, figures.work, figures):
            return False
        self.work = max(now, self.work + figures.work)
        return True

    def may_talk(self, now: int, figures: IntervalFigures) -> bool:
        """Say one more line, on whatever channel; one that is refused costs nothing."""
        full_at = max(self.talks_full_at, now)
        if full_at - now > (figures.talk_burst - 1) * figures.talk:
            return False
        self.talks_full_at = full_at + figures.talk
        return True


class Pace(Enum):
    """What to do with a walk that has just come."""

    OK = "ok"
    TOO_FAST = "too fast"  # not walked; answered with the true position
    CHEATING = "cheating"  # second strike: disconnect and tell the staff


_IN_TIME = Pace.OK  # read once: on Python 3.11 each look at a member takes 0.2 microseconds


@dataclass(slots=True)
class WalkPace:
    """How one player's walks have come so far. `now` is in milliseconds throughout."""

    full_at: int = LONG_AGO  # when all spare steps are there again
    counted: int = 0
    counted_from: int | None = None
    elapsed_ms: int = 0  # of the last 30 counted walks
    windows: int = 0  # how many times 30 walks were counted
    suspected_at: int | None = None
    answers_full_at: int = LONG_AGO  # when all spare answers to walks that lead nowhere are back

    def walk(self, now: int, figures: IntervalFigures) -> Pace:
        """Count a walk, even one that goes nowhere, and say whether it comes in time."""
        if self._strikes(now):
            return Pace.CHEATING
        step_ms = figures.step
        full_at = max(self.full_at, now)
        if full_at - now > (figures.step_burst - 1) * step_ms:
            return Pace.TOO_FAST
        self.full_at = full_at + step_ms
        return _IN_TIME

    def give_back(self, figures: IntervalFigures) -> None:
        """Forget a walk that led nowhere: who pushes against what it does not see gains nothing.

        A client that is put back asks again with its next frame, sixty times a second.
        """
        self.full_at -= figures.step
        self.counted = max(self.counted - 1, 0)

    def wake(self, now: int, figures: IntervalFigures) -> None:
        """Leave one step and no spare ones to who was woken by its key.

        Until it hears of that its client asks for a step with each frame, and takes none itself.
        """
        self.full_at = now + (figures.step_burst - 1) * figures.step
        self.counted, self.counted_from = 0, now

    def forgive(self) -> None:
        """Forget the first strike, as a walk while paralysed does."""
        self.suspected_at = None

    def answers(self, now: int) -> bool:
        """Tell whether a walk that led nowhere is answered at once, which is counted.

        A client asks again as soon as it is put back: after many answers they come at a pace that
        keeps a key held down from being a flood. It is less than the time of a step.
        """
        full_at = max(self.answers_full_at, now)
        if full_at - now > (ANSWERS - 1) * ANSWER_MS:
            return False
        self.answers_full_at = full_at + ANSWER_MS
        return True

    def stands(self, now: int) -> bool:
        """Tell whether the last step is over, and some time with it."""
        return now - self.full_at >= STILL_MS

    @property
    def steps(self) -> int:
        """How many walks were counted in all, those that went nowhere included."""
        return self.windows * COUNTED_STEPS + self.counted

    @property
    def figure(self) -> int:
        """How fast the last 30 walks were, as the staff are told; 21 is the limit."""
        return SPEED_FIGURE // max(self.elapsed_ms, 1)

    def _strikes(self, now: int) -> bool:
        if self.counted_from is None:
            self.counted_from = now
        self.counted += 1
        if self.counted < COUNTED_STEPS:
            return False
        self.elapsed_ms = now - self.counted_from
        self.counted, self.counted_from = 0, now
        self.windows += 1
        if self.elapsed_ms >= COUNTED_STEPS_MS:
            return False
        suspected_at, self.suspected_at = self.suspected_at, now
        return suspected_at is not None and now - suspected_at <= SUSPICION_MS


def _past(now: int, since: int, span: int, figures: IntervalFigures) -> bool:
    """Tell whether a time is over, give or take how unevenly a network may run.

    Never more than a quarter of it, so that what is quick stays in order.
    """
    return now - since >= span - min(figures.tolerance_ms, span // 4)
