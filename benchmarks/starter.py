"""The stock Rasa starter bot, as `rasa init` makes it: what Plainly's turn is measured beside.

`Starter("stock")` is the bot as it comes. `Starter("action")` is the same bot with each canned response
replaced by a custom action that says the same words, as a bot that looks something up has it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Literal

import httpx

from benchmarks.report import VAR
from plainly.run import ROOT
from plainly.run.ports import free_ports
from plainly.run.program import Program
from plainly.run.supervisor import Supervisor

Variant = Literal["stock", "action"]
RASA = ROOT / ".venv-rasa" / "bin" / "python"
MESSAGES = ("hello", "I am feeling very sad", "yes", "are you a bot?", "hi there", "great", "bye")
UTTERANCES = {
    "greet": "Hey! How are you?",
    "cheer_up": "Here is something to cheer you up:",
    "did_that_help": "Did that help you?",
    "happy": "Great, carry on!",
    "goodbye": "Bye",
    "iamabot": "I am a bot, powered by Rasa.",
}
ACTIONS = '''"""The starter's words, said by custom actions."""

from rasa_sdk import Action


def _say(name, words):
    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=words)
        return []

    return type(name, (Action,), {{"name": lambda self: name, "run": run}})


UTTERANCES = {utterances!r}
for _name, _words in UTTERANCES.items():
    globals()[f"action_{{_name}}"] = _say(f"action_{{_name}}", _words)
'''


def project(variant: Variant) -> Path:
    """The trained starter's folder; made and trained once, with everything as Rasa sets it."""
    folder = VAR / "starter" / variant
    if not list(folder.glob("models/*.tar.gz")):
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(_initial_project(), folder)
        if variant == "action":
            _use_actions(folder)
        print(f"Training the {variant} starter bot, once ...", flush=True)
        with (folder / "training.log").open("w") as log:
            command = [str(RASA), "-m", "rasa", "train"]
            subprocess.run(command, cwd=folder, env=_environment(), stdout=log, stderr=log, check=True)
    return folder


def _initial_project() -> Path:
    return next((ROOT / ".venv-rasa" / "lib").glob("python3*/site-packages/rasa/cli/initial_project"))


def _use_actions(folder: Path) -> None:
    for path in (folder / "data" / "rules.yml", folder / "data" / "stories.yml"):
        path.write_text(path.read_text("utf-8").replace("utter_", "action_"), "utf-8")
    domain = (folder / "domain.yml").read_text("utf-8")
    names = "\n".join(f"  - action_{name}" for name in UTTERANCES)
    (folder / "domain.yml").write_text(f"{domain}\nactions:\n{names}\n", "utf-8")
    shutil.rmtree(folder / "actions")
    (folder / "starter_actions.py").write_text(ACTIONS.format(utterances=UTTERANCES), "utf-8")


def _environment() -> dict[str, str]:
    """As a newcomer's shell has it, but quiet, with the same threads as Plainly."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONPATH" and not key.startswith("PLAINLY_")}
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
    return {**kept, **quiet, "MPLCONFIGDIR": str(VAR / "matplotlib")}


class Starter(Supervisor):
    """The starter bot, running on a free port behind Rasa's own REST channel."""

    def __init__(self, variant: Variant) -> None:
        folder = project(variant)
        port, actions_port = free_ports(2)
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30)
        command = (str(RASA), "-m", "rasa", "run", "--interface", "127.0.0.1", "--port", str(port))
        env = {**_environment(), "PYTHONPATH": ""}
        programs = [Program(variant, command, folder, env, f"http://127.0.0.1:{port}/")]
        if variant == "action":
            endpoint = f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n"
            (folder / "endpoints.yml").write_text(endpoint, "utf-8")
            serve = (str(ROOT / ".venv/bin/python"), "-m", "plainly.run.actions_server", "starter_actions")
            paths = {"PYTHONPATH": f"{ROOT}:{folder}"}
            health = f"http://127.0.0.1:{actions_port}/health"
            programs.append(Program(f"{variant}-actions", (*serve, str(actions_port)), folder, paths, health))
        super().__init__(programs, logs=VAR / "log")

    def say(self, sender: str, text: str) -> None:
        """One turn; returns when the answer is there."""
        answer = self.http.post("/webhooks/rest/webhook", json={"sender": sender, "message": text}).raise_for_status()
        if not answer.json():
            raise RuntimeError(f"the starter bot said nothing to {text!r}")

    def stop(self) -> None:
        """End the processes and hang up."""
        self.http.close()
        super().stop()
