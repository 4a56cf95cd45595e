"""`plainly user`: the accounts of staff, from the command line. The first owner is made here."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from plainly.errors import PlainlyError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from plainly.store.desk_tables import StaffRow

group = typer.Typer(help="Make, list and close the accounts of staff.", no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="What they type to sign in.")]
Generate = Annotated[bool, typer.Option("--generate", help="Make a random password and print it once.")]
FromStdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the first line of input.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@group.command()
def add(
    login: Login,
    *,
    name: Annotated[str, typer.Option(help="The name customers see; the login when not given.")] = "",
    role: Annotated[str, typer.Option(help="agent, supervisor or owner.")] = "agent",
    team: Annotated[str, typer.Option(help="Their team.")] = "",
    skills: Annotated[str, typer.Option(help="What they are good at: policies and languages, by commas.")] = "",
    capacity: Annotated[int, typer.Option(help="How many conversations they take at once.")] = 4,
    generate: Generate = False,
    password_stdin: FromStdin = False,
) -> None:
    """Make an account."""
    from plainly import clock
    from plainly.store.passwords import hash_password
    from plainly.store.staff import Account, add_staff, checked

    account = checked(Account(login, name or login, role, team, tuple(skills.split(",")), capacity))
    password = _password(account.login, generate=generate, from_stdin=password_stdin)
    hashed = hash_password(password)
    with _writing() as session:
        add_staff(session, account, hashed, clock.now())
    typer.echo(f"{account.login} may sign in as {account.role}.")
    if generate:
        typer.echo(f"Password, shown this once: {password}")


@group.command("list")
def list_(as_json: AsJson = False) -> None:
    """Show every account."""
    from plainly.store.staff import all_staff

    with _writing() as session:
        found = [_as_shown(row) for row in all_staff(session)]
    if as_json:
        typer.echo(json.dumps({"staff": found}, ensure_ascii=False))
        return
    for one in found:
        state = "closed" if one["disabled"] else one["role"]
        typer.echo(f"{one['login']:<24}  {state:<10}  {one['name']}{_told(one)}")
    if not found:
        typer.echo("Nobody has an account. Make the first: plainly user add LOGIN --role owner")


@group.command()
def disable(login: Login) -> None:
    """Close an account; whoever is signed in with it is out at once."""
    from plainly import clock
    from plainly.store.staff import disable_staff, named

    with _writing() as session:
        row = disable_staff(session, named(session, login).id, clock.now())
    typer.echo(f"{row.login} is closed and signed out everywhere.")


@group.command()
def enable(login: Login) -> None:
    """Open a closed account again."""
    from plainly.store.staff import enable_staff, named

    with _writing() as session:
        row = enable_staff(session, named(session, login).id)
    typer.echo(f"{row.login} may sign in again.")


@group.command()
def password(login: Login, *, generate: Generate = False, password_stdin: FromStdin = False) -> None:
    """Set a new password; all sign-ins with the old one end, and failed tries are forgotten."""
    from plainly.store.passwords import hash_password
    from plainly.store.sign_ins import renew_password
    from plainly.store.staff import named

    with _writing() as session:
        staff_id = named(session, login).id
    new = _password(login, generate=generate, from_stdin=password_stdin)
    hashed = hash_password(new)
    with _writing() as session:
        row = renew_password(session, staff_id, hashed)
    typer.echo(f"{row.login} has a new password and was signed out everywhere.")
    if generate:
        typer.echo(f"Password, shown this once: {new}")


@group.command(hidden=True)
def demo() -> None:
    """Make the demo's accounts, if this is the demo's own database and nobody has one yet. `make run` calls it."""
    from plainly.commands.demo_staff import made_for_the_demo

    typer.echo(json.dumps(made_for_the_demo(), ensure_ascii=False))


@contextlib.contextmanager
def _writing() -> Iterator[Session]:
    from plainly.settings import settings
    from plainly.store import Store

    store = Store(settings().database_url)
    try:
        with store.write() as session:
            yield session
    finally:
        store.close()


def _password(login: str, *, generate: bool, from_stdin: bool) -> str:
    from plainly.store.passwords import check_new, new_password

    if generate:
        return new_password()
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        given = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        raise PlainlyError("no_password", "Nobody is here to type a password: add --generate or --password-stdin.")
    check_new(given, login)
    return given


def _as_shown(row: StaffRow) -> dict[str, Any]:
    return {
        "login": row.login,
        "name": row.name,
        "role": row.role,
        "team": row.team,
        "skills": row.skills,
        "capacity": row.capacity,
        "disabled": row.disabled_at is not None,
    }


def _told(one: dict[str, Any]) -> str:
    more = [one["team"], ", ".join(one["skills"])]
    return "".join(f"  ({part})" for part in more if part)
