"""The accounts of the demo: an owner, a supervisor and two agents, with passwords of this database alone."""

from __future__ import annotations

from typing import Any

from plainly import clock
from plainly.settings import is_demo_database, settings


def made_for_the_demo() -> dict[str, Any]:
    """`{"accounts": [{login, name, role, password}], "anybody": bool}`: what was made now, and whether there is anyone.

    Nothing is made in a database the operator named, nor where an account was ever made.
    """
    from plainly.store import Store
    from plainly.store.passwords import hash_password, new_password
    from plainly.store.staff import Account, add_staff, has_staff

    store = Store(settings().database_url)
    people = (
        Account("owner", "Olive Marlow", "owner"),
        Account("supervisor", "Sam Finch", "supervisor"),
        Account("ann", "Ann Okafor", "agent", skills=("returns", "refunds", "exchanges"), capacity=4),
        Account("ben", "Ben Hughes", "agent", skills=("delivery", "faulty_goods", "repairs"), capacity=4),
    )
    made = []
    try:
        with store.write() as session:
            if has_staff(session) or not is_demo_database():
                return {"accounts": [], "anybody": has_staff(session)}
            for person in people:
                password = new_password()
                add_staff(session, person, hash_password(password), clock.now())
                made.append({"login": person.login, "name": person.name, "role": person.role, "password": password})
    finally:
        store.close()
    return {"accounts": made, "anybody": True}
