"""One living module, and how newer code of it takes the place of older.

The exchange happens between two tasks if neither of the two waits for anything: the older module is
disabled, its state, timers and rooms are handed over, the newer one is enabled. On any failure the
older one goes on as if nothing had happened.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyao.errors import ModuleError
from pyao.events import FAILED, Bulkhead
from pyao.modules.base import BaseModule, ModuleInfo, ModuleState
from pyao.modules.loading import Code
from pyao.modules.scope import ModuleServer
from pyao.rooms import Plain, plain_copy


@dataclass(frozen=True, slots=True)
class Instance:
    """One object of a module's class, with the code it came from and what it registered."""

    module: BaseModule
    server: ModuleServer
    code: Code

    @property
    def info(self) -> ModuleInfo:
        """How the module introduces itself."""
        return self.module.module_info


def shape_problem(module: object) -> str:
    """Return what is missing of a module that was just made, or nothing."""
    info = getattr(module, "module_info", None)
    if not (isinstance(module, BaseModule) and isinstance(info, ModuleInfo)):
        return "its __init__ must call super().__init__(server) and keep module_info"
    names: object = info.dependencies
    if not (isinstance(names, list | tuple) and all(isinstance(each, str) for each in names)):
        return f"dependencies of its ModuleInfo: expected a list of names, came {names!r:.80}"
    return ""


async def refusal(bulkhead: Bulkhead, name: str, what: str, step: Callable[[], object]) -> str:
    """Run one step of a module's life; return why it failed, hung or said no, or nothing."""
    result = await bulkhead.run(name, what, step)
    if result is FAILED:
        return bulkhead.last_failure[name]
    return f"{what} said no" if result is False else ""


@dataclass(slots=True)
class TakeOver:
    """One attempt to put `new` in the place of `old`, which is enabled.

    `problem` says why it failed, `lost` that the old one could not go on either.
    """

    bulkhead: Bulkhead
    name: str
    old: Instance
    new: Instance
    problem: str = ""
    lost: bool = False

    async def run(self) -> bool:
        """Make the exchange; return whether the new one is enabled now."""
        old, new = self.old, self.new
        old.server.reloading = new.server.reloading = True
        done = await self._exchange()
        old.server.reloading = new.server.reloading = False
        return done

    async def _exchange(self) -> bool:
        old, new = self.old, self.new
        self.problem = await self._step("disable", old.module.disable) or self._hand_over()
        if not self.problem:
            try:
                new.server.take_over(old.server, new.code.names, old.code.package)
            except ModuleError as error:
                self.problem = str(error)
        if self.problem:
            await self._keep(old)
            return False
        new.module.state = ModuleState.ENABLED
        self.problem = await self._step("enable of the new code", new.module.enable)
        if not self.problem:
            new.server.settle(new.module)
            return True
        new.module.state = ModuleState.ERROR
        await self._keep(new)
        return False

    def _hand_over(self) -> str:
        """Give the new module the old one's state; return what went wrong."""
        old, new = self.old.module, self.new.module

        def exported() -> tuple[Plain]:
            return (plain_copy(old.export_state(), "export_state()"),)

        state = self.bulkhead.call(self.name, "export_state", exported)
        taken: object = None
        if isinstance(state, tuple) and state[0] is not None:
            taken = self.bulkhead.call(self.name, "import_state", new.import_state, state[0])
        if FAILED in (state, taken):
            return self.bulkhead.last_failure[self.name]
        return ""

    async def _keep(self, current: Instance) -> None:
        """Go on with the old module, taking everything back from the `current` one."""
        old = self.old
        try:
            old.server.take_over(current.server, old.code.names, self.new.code.package)
            problem = await self._step("enable of the old code", old.module.enable)
        except ModuleError as error:
            problem = str(error)
        if not problem:
            old.server.settle(old.module)
            return
        old.server.rest()
        self.problem = f"{self.problem}; and the old code could not go on: {problem}"
        self.lost = True

    async def _step(self, what: str, step: Callable[[], object]) -> str:
        return await refusal(self.bulkhead, self.name, what, step)
