"""In which order modules are loaded: what a module depends on comes first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence


def load_order(
    wanted: Sequence[str],
    dependencies: Mapping[str, Iterable[str]],
    resolve: Callable[[str], str | None],
) -> tuple[list[str], dict[str, str]]:
    """Return the names of `wanted` in order, and the reason for each that cannot be loaded.

    The order of `wanted` is kept where dependencies allow. `resolve` turns a name that a module
    used for another into that module's name. Dependencies that are known but not wanted come in.
    """
    order: list[str] = []
    refused: dict[str, str] = {}
    path: list[str] = []

    def visit(name: str) -> None:
        if name in order or name in refused:
            return
        path.append(name)
        problems = [problem for each in dependencies[name] if (problem := _problem(name, each))]
        path.pop()
        if problems:
            refused.setdefault(name, "; ".join(problems))
        else:
            order.append(name)

    def _problem(name: str, dependency: str) -> str:
        target = resolve(dependency)
        if target is None or target not in dependencies:
            return (
                f"{name} needs {dependency}, which is not there; "
                f"put {dependency}.py into the modules folder or take it out of its dependencies"
            )
        if target in path:
            circle = " -> ".join([*path[path.index(target) :], target])
            return f"{circle} is a circle of dependencies; one of them has to go"
        visit(target)
        if target in refused:
            return f"{name} needs {target}, which cannot be loaded ({refused[target]})"
        return ""

    for name in wanted:
        visit(name)
    return order, refused
