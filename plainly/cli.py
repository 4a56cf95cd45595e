"""The command line: `plainly check`, `plainly ask` and the rest, one module each in `plainly/commands`.

A module with `command` is one command; one with `group` holds several, such as `plainly user add`.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys

import typer

from encoder import EncoderError
from plainly import commands
from plainly.errors import PlainlyError, error_body

app = typer.Typer(
    name="plainly",
    help="Turns a policy folder into true, kind, cited answers.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def root() -> None:
    """Turns a policy folder into true, kind, cited answers."""


for found in pkgutil.iter_modules(commands.__path__):
    module = importlib.import_module(f"{commands.__name__}.{found.name}")
    if hasattr(module, "command"):
        app.command(found.name.rstrip("_"))(module.command)
    if hasattr(module, "group"):
        app.add_typer(module.group, name=found.name.rstrip("_"))


def main() -> None:
    """Runs the command line; a known error is one sentence, or with --json one object, and exit code 2."""
    try:
        app()
    except (PlainlyError, EncoderError) as wrong:
        if "--json" in sys.argv:
            print(json.dumps(error_body(wrong.code, wrong.message, wrong.data), ensure_ascii=False, default=str))
        else:
            print(f"plainly: {wrong.message}", file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
