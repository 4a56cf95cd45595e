"""`plainly user` and what `make run` makes and prints for the demo."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from plainly.gateway.staff.guard import moment
from plainly.run.__main__ import about_the_desk
from plainly.store import Store
from plainly.store.desk_tables import StaffSessionRow
from plainly.store.passwords import is_password
from plainly.store.sign_ins import open_session
from plainly.store.staff import staff_by_login
from tests.gateway.processes import ROOT
from tests.store.databases import KINDS, drop_database, fresh_database


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    address = fresh_database(request.param, tmp_path)
    yield address
    drop_database(address)


@pytest.fixture(scope="module")
def with_olive(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A database where Olive is the only owner."""
    env = {"PLAINLY_VAR": str(tmp_path_factory.mktemp("olive"))}
    user("add", "olive", "--role", "owner", "--generate", env=env)
    return env


def user(*words: str, env: dict[str, str], given: str = "") -> subprocess.CompletedProcess[str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith("PLAINLY_")}
    command = [sys.executable, "-m", "plainly.cli", "user", *words]
    return subprocess.run(
        command, cwd=ROOT, env={**own, **env}, input=given, capture_output=True, text=True, check=False, timeout=60
    )


def test_that_accounts_are_made_listed_closed_and_given_new_passwords(database: str) -> None:
    env = {"PLAINLY_DATABASE_URL": database}
    assert "Make the first" in user("list", env=env).stdout
    made = user("add", "Olive", "--name", "Olive M", "--role", "owner", "--generate", env=env)
    password = made.stdout.split()[-1]
    user("add", "ann", "--password-stdin", "--skills", "returns,en", env=env, given="three words here\n")
    listed = json.loads(user("list", "--json", env=env).stdout)["staff"]
    assert [(one["login"], one["role"], one["skills"]) for one in listed] == [
        ("olive", "owner", []),
        ("ann", "agent", ["returns", "en"]),
    ]
    store = Store(database)
    with store.write() as session:
        ann, olive = staff_by_login(session, "ann"), staff_by_login(session, "olive")
        assert ann
        assert olive
        assert is_password(olive.password_hash, password)
        assert is_password(ann.password_hash, "three words here")
        open_session(session, ann, moment())
    assert user("password", "ann", "--password-stdin", env=env, given="four other words here\n").returncode == 0
    with store.read() as session:
        ann = staff_by_login(session, "ann")
        assert ann
        assert is_password(ann.password_hash, "four other words here")
        assert session.scalars(select(StaffSessionRow)).all() == []
    store.close()
    assert user("disable", "ann", env=env).returncode == 0
    assert "closed" in user("list", env=env).stdout
    assert "may sign in again" in user("enable", "ann", env=env).stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "Ann Other", "--generate"), "The login has"),
        (("add", "ann", "--role", "king", "--generate"), "The role is one of agent, supervisor, owner"),
        (("add", "ann"), "add --generate or --password-stdin"),
        (("add", "ann", "--password-stdin"), "at least 12 characters"),
        (("disable", "nobody"), "There is no account"),
        (("disable", "olive"), "the only owner"),
        (("add", "olive", "--generate"), "There is an account olive already"),
        (("password", "nobody", "--generate"), "There is no account"),
    ],
)
def test_that_a_wrong_wish_is_one_sentence(with_olive: dict[str, str], words: tuple[str, ...], says: str) -> None:
    done = user(*words, env=with_olive, given="short\n")
    assert done.returncode == 2
    assert done.stderr.startswith("plainly: ")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_that_the_demo_gets_its_accounts_once_with_passwords_of_its_own(tmp_path: Path) -> None:
    made = [json.loads(user("demo", env={"PLAINLY_VAR": str(tmp_path / name)}).stdout) for name in ("a", "b", "a")]
    assert [one["role"] for one in made[0]["accounts"]] == ["owner", "supervisor", "agent", "agent"]
    passwords = [one["password"] for here in made[:2] for one in here["accounts"]]
    assert len(set(passwords)) == 8
    assert made[2] == {"accounts": [], "anybody": True}
    for path in (tmp_path / "a").rglob("*"):
        assert not [word for word in passwords if path.is_file() and word.encode() in path.read_bytes()]


def test_that_the_demo_makes_none_where_anybody_ever_had_an_account(tmp_path: Path) -> None:
    env = {"PLAINLY_VAR": str(tmp_path)}
    user("add", "mine", "--generate", env=env)
    user("disable", "mine", env=env)
    assert json.loads(user("demo", env=env).stdout) == {"accounts": [], "anybody": True}


def test_that_the_demo_makes_none_in_a_database_somebody_named(database: str) -> None:
    env = {"PLAINLY_DATABASE_URL": database}
    assert json.loads(user("demo", env=env).stdout) == {"accounts": [], "anybody": False}
    assert json.loads(user("list", "--json", env=env).stdout) == {"staff": []}


def test_that_make_run_prints_the_link_always_and_passwords_when_made() -> None:
    account = {"login": "ann", "name": "Ann", "role": "agent", "password": "abcd-efgh"}
    first = about_the_desk("", {"accounts": [account], "anybody": True})
    assert first[0] == "Staff sign in at /desk/sign-in"
    assert "abcd-efgh" in first[-1]
    again = about_the_desk("", {"accounts": [], "anybody": True})
    assert "plainly user password" in again[1]
    empty = about_the_desk("", {"accounts": [], "anybody": False})
    assert "plainly user add" in empty[1]
