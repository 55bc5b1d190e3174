"""The entry point of the `pyao-server` command."""

from __future__ import annotations

from pyao.cli import app


def main() -> None:
    """Run the command line."""
    app()


if __name__ == "__main__":
    main()
