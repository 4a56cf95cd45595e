"""Accounts and keys in the tables: never without an owner, whoever acts at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from plainly.errors import PlainlyError
from plainly.store import Store
from plainly.store.desk_tables import ApiKeyRow, SignInRow, StaffRow, StaffSessionRow
from plainly.store.keys import all_keys, check_key, make_key, note_used, revoke_key
from plainly.store.sign_ins import SessionLimits, begin_try, count_sessions, open_session, session_of, succeed, tidy
from plainly.store.staff import Account, add_staff, all_staff, change_staff, disable_staff, enable_staff, has_staff

NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
LIMITS = SessionLimits(timedelta(minutes=60), timedelta(hours=12))


def make(store: Store, login: str, role: str = "agent") -> StaffRow:
    with store.write() as session:
        return add_staff(session, Account(login, login.title(), role), "hash", NOW)


def outcome(error: PlainlyError | None) -> str:
    return error.code if error else "done"


def at_once(store: Store, *works: object) -> list[str]:
    """Do several things in threads; how each ended."""

    def one(work: object) -> str:
        try:
            with store.write() as session:
                work(session)  # type: ignore[operator]
        except PlainlyError as refused:
            return outcome(refused)
        return outcome(None)

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(one, works))


def test_that_two_owners_cannot_close_each_other(store: Store) -> None:
    first, second = make(store, "ann", "owner"), make(store, "ben", "owner")
    ended = at_once(
        store,
        lambda session: disable_staff(session, first.id, NOW),
        lambda session: change_staff(session, second.id, Account("ben", "Ben", "agent")),
    )
    assert ended == ["done", "last_owner"]


def test_that_a_login_made_twice_at_once_is_made_once(store: Store) -> None:
    wishes = [lambda session: add_staff(session, Account("ann", "Ann"), "hash", NOW)] * 4
    assert at_once(store, *wishes) == ["done", *["login_taken"] * 3]


def test_that_closed_accounts_come_last_and_open_again(store: Store) -> None:
    assert not _anybody(store)
    ann = make(store, "ann")
    make(store, "zoe", "owner")
    with store.write() as session:
        disable_staff(session, ann.id, NOW)
        disable_staff(session, ann.id, NOW + timedelta(hours=1))
    make(store, "bea")
    with store.read() as session:
        assert [row.login for row in all_staff(session)] == ["zoe", "bea", "ann"]
        assert session.get_one(StaffRow, ann.id).disabled_at == NOW
    with store.write() as session:
        assert enable_staff(session, ann.id).disabled_at is None
    assert _anybody(store)


def _anybody(store: Store) -> bool:
    with store.read() as session:
        return has_staff(session)


def test_that_sign_ins_that_ran_out_are_forgotten(store: Store) -> None:
    ann = make(store, "ann")
    with store.write() as session:
        old = open_session(session, ann, NOW - timedelta(hours=13))
        idle = open_session(session, ann, NOW - timedelta(hours=2))
        fresh = open_session(session, ann, NOW - timedelta(minutes=59))
        session.add(SignInRow(login="x", address="x", succeeded=False, at=NOW - timedelta(days=31)))
    with store.read() as session:
        assert [session_of(session, token, NOW, LIMITS) is not None for token in (old, idle, fresh, "", "x")] == [
            False,
            False,
            True,
            False,
            False,
        ]
        assert count_sessions(session, ann.id, NOW, LIMITS) == 1
    with store.write() as session:
        tidy(session, NOW, LIMITS)
    with store.read() as session:
        assert len(session.scalars(select(StaffSessionRow)).all()) == 1
        assert session.scalars(select(SignInRow)).all() == []


def test_that_tries_are_limited_by_login_and_by_address_and_forgiven_by_the_right_password(store: Store) -> None:
    make(store, "ann")
    with store.write() as session:
        tries = [begin_try(session, "ann", f"address {number}", NOW) for number in range(10)]
    with store.write() as session, pytest.raises(PlainlyError) as refused:
        begin_try(session, "ANN ", "another", NOW + timedelta(minutes=5))
    assert (refused.value.code, refused.value.data["seconds"]) == ("too_many_tries", 600)
    with store.write() as session:
        succeed(session, tries[-1])
        begin_try(session, "ann", "another", NOW + timedelta(minutes=5))


def test_that_a_key_opens_until_it_is_revoked(store: Store) -> None:
    with store.write() as session:
        row, text = make_key(session, "Phone team", "ann", NOW)
        make_key(session, "Other", "ann", NOW + timedelta(minutes=1))
    with store.read() as session:
        key = check_key(session, text, NOW)
        assert (key.id, key.name, key.is_noted) == (row.id, "Phone team", False)
    with store.write() as session:
        note_used(session, key.id, NOW)
    with store.read() as session:
        assert check_key(session, text, NOW + timedelta(seconds=30)).is_noted
        assert not check_key(session, text, NOW + timedelta(minutes=2)).is_noted
        assert [one.name for one in all_keys(session)] == ["Other", "Phone team"]
    with store.write() as session:
        revoke_key(session, row.id, NOW)
    with store.read() as session, pytest.raises(PlainlyError, match="revoked"):
        check_key(session, text, NOW - timedelta(days=1))
    with store.read() as session:
        assert session.get_one(ApiKeyRow, row.id).revoked_at == NOW
