"""Passwords: which are good ones, and what comparing one costs."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, extract_parameters

from plainly.store.passwords import check_new, hash_password, is_password, new_password

PASSWORD = "four words will do"


def test_that_an_unknown_login_costs_as_much_work_as_a_known_one(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = hash_password(PASSWORD)
    compared: list[str] = []
    verify = PasswordHasher.verify

    def seen(self: PasswordHasher, hash_: str | bytes, password: str | bytes) -> bool:
        compared.append(str(hash_))
        return verify(self, hash_, password)

    monkeypatch.setattr(PasswordHasher, "verify", seen)
    assert not is_password(kept, "another password")
    assert not is_password(None, "another password")
    known, unknown = (extract_parameters(one) for one in compared)
    assert known == unknown


@pytest.mark.parametrize("given", ["short", "           a", "ann-ann-ann-ann", "ann1234567890", "", "x" * 2_000])
def test_that_a_password_easily_guessed_is_refused(given: str) -> None:
    with pytest.raises(Exception, match="password"):
        check_new(given, "ann")


def test_that_made_passwords_are_good_ones_and_never_the_same() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    for one in made:
        check_new(one, "ann")


def test_that_a_password_is_the_same_on_every_keyboard() -> None:
    assert is_password(hash_password("cafe\u0301 au lait tous les jours"), "caf\u00e9 au lait tous les jours")


def test_that_a_broken_hash_lets_nobody_in() -> None:
    assert not is_password("", "")
    assert not is_password("not a hash", PASSWORD)
