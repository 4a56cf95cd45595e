"""A policy folder that breaks while it is served: the version before stays, and it is said where it is heard."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from plainly.gateway.folder import Folder
from plainly.store import Store
from tests import web
from tests.gateway.console.desks import Agent, console
from tests.gateway.processes import HERE, GatewayProcess, Json, StandInRasa, running
from tests.store.databases import fresh_database


def write_rules(folder: Path, text: str) -> None:
    """In one step: a gateway that follows the folder never sees half a file."""
    beside = folder.parent / "rules.new"
    beside.write_text(text, encoding="utf-8")
    beside.replace(folder / "returns" / "rules.yml")


def broken(folder: Path) -> str:
    """Breaks the rules; what they were."""
    right = (folder / "returns" / "rules.yml").read_text(encoding="utf-8")
    write_rules(folder, f"{right}\n<b>nonsense</b>: 1\n")
    return right


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.1)


def test_that_a_folder_knows_what_is_wrong_with_a_change_it_did_not_take(tmp_path: Path) -> None:
    path = tmp_path / "kb"
    shutil.copytree(HERE / "kb", path)
    folder = Folder(path)
    folder.refresh()
    served = folder.kb
    assert folder.refused == ""
    right = broken(path)
    folder.refresh()
    assert folder.kb is served
    assert re.match(r'returns/rules\.yml:\d+: rules\.yml has no section "<b>nonsense</b>"\. Use one of', folder.refused)
    write_rules(path, right)
    folder.refresh()
    assert folder.refused == ""


def test_that_a_look_that_failed_is_forgotten_when_all_is_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "kb"
    shutil.copytree(HERE / "kb", path)
    folder = Folder(path)
    folder.refresh()
    served = folder.kb
    (path / "nowhere.md").symlink_to("x" * 300)  # is there, and looking at it fails: no file's name is so long
    folder.refresh()
    assert folder.kb is served
    assert "nowhere.md" in folder.refused
    (path / "nowhere.md").unlink()
    folder.refresh()
    assert folder.kb is not None
    assert folder.refused == ""


def test_that_a_folder_that_never_loaded_has_no_version_before(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "nothing")
    folder.refresh()
    folder.refresh()
    assert (folder.kb, folder.refused) == (None, "")
    assert folder.problem


def test_that_a_refused_change_is_told_to_operators_and_to_who_leads(tmp_path: Path, rasa: StandInRasa) -> None:
    path = tmp_path / "kb"
    shutil.copytree(HERE / "kb", path)
    database = fresh_database("sqlite", tmp_path)
    with running(GatewayProcess(database, rasa.url, tmp_path / "log", {"PLAINLY_KB": str(path)})) as gateway:
        store = Store(database)

        def ready() -> Json:
            found: Json = web.get(f"{gateway.url}/readyz").raise_for_status().json()
            return found

        assert ready() == {"ready": True}
        right = broken(path)
        until(lambda: ready() != {"ready": True})
        assert ready()["ready"] is True
        (warning,) = ready()["warnings"]
        assert warning["what"] == "policy folder"
        assert "rules.yml" in warning["do"]
        with Agent(gateway, store, "supervisor") as sue, Agent(gateway, store) as ann, console(sue) as desk:
            assert "rules.yml" in desk.frames[0]["warning"]
            with console(ann) as other:
                assert other.frames[0]["warning"] == ""
            page = sue.get("/desk/settings").text
            assert "The version before is still in use." in page
            assert "<b>nonsense" not in page
            assert "still in use" not in ann.get("/desk/settings").text
            write_rules(path, right)
            until(lambda: ready() == {"ready": True})
            assert "still in use" not in sue.get("/desk/settings").text
            desk.until(lambda seen: any(one["type"] == "warning" and not one["warning"] for one in seen.frames))
        assert gateway.log().count("folder_refused") == 1
        store.close()
