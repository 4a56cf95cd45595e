"""The action server in one process: `python -m plainly.run.actions_server PACKAGE PORT`.

rasa-sdk's own command starts a manager, a tracker and a worker besides the one that answers. They cost
memory and a second start, and outlive their parent when it is killed, holding the port.
"""

from __future__ import annotations

import importlib
import logging
import sys

from rasa_sdk import utils
from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

HOST = "127.0.0.1"


def main(package: str, port: int) -> None:
    """Serve the actions of a package to the Rasa process on this machine."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    utils.update_sanic_log_level()
    executor = ActionExecutor()
    executor.register_package(package)
    # A package may have something to load before its first customer comes.
    warm_up = getattr(importlib.import_module(package), "warm_up", None)
    if warm_up is not None:
        warm_up()
    app = create_app(executor)
    app.prepare(host=HOST, port=port, single_process=True, access_log=False, motd=False)
    Sanic.serve_single(primary=app)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
