"""Settings come from the environment, and a wrong one names itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from plainly import clock
from plainly.errors import PlainlyError
from plainly.gateway.console.words import say_moment
from plainly.gateway.words import say
from plainly.settings import PREFIX, VARIABLES, Settings, misspelt_variables, settings
from plainly.wording.phrases import phrases

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_that_every_setting_has_a_default() -> None:
    current = settings()
    assert current.port == 8000
    assert current.host == "127.0.0.1"
    assert current.kb.name == "policies_kb"
    assert current.database_url == f"sqlite:///{current.var}/plainly.db"
    assert current.now is None


def test_that_fields_and_variables_are_the_same_list() -> None:
    assert {name.removeprefix(PREFIX).lower() for name in VARIABLES} == set(Settings.__annotations__)


def test_that_a_change_in_the_environment_is_seen_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINLY_PORT", "8123")
    assert settings().port == 8123
    monkeypatch.setenv("PLAINLY_PORT", "8124")
    assert settings().port == 8124


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("PLAINLY_PORT", "eighty", "PLAINLY_PORT must be a port number from 0 to 65535"),
        ("PLAINLY_PORT", "70000", "but it is '70000'"),
        ("PLAINLY_PORT", "-1", "PLAINLY_PORT must be"),
        ("PLAINLY_PORT", "٨٠", "PLAINLY_PORT must be"),
        ("PLAINLY_DATABASE_URL", "mysql://x", "PLAINLY_DATABASE_URL must start with sqlite:/// or postgresql://"),
        ("PLAINLY_RASA_URL", "localhost:5005", "PLAINLY_RASA_URL must be a web address"),
        ("PLAINLY_TIMEZONE", "Europe/Londn", "PLAINLY_TIMEZONE must be a time zone"),
        ("PLAINLY_TIMEZONE", "../etc/passwd", "PLAINLY_TIMEZONE must be a time zone"),
        ("PLAINLY_TIMEZONE", "Europe", "PLAINLY_TIMEZONE must be a time zone"),
        ("PLAINLY_NOW", "yesterday", "PLAINLY_NOW must be a date or time such as 2026-01-31"),
        ("PLAINLY_NOW", "2026-02-30", "PLAINLY_NOW must be"),
        ("PLAINLY_LANGUAGE", "english", "PLAINLY_LANGUAGE must be a language"),
        ("PLAINLY_LANGUAGE", "fr", "PLAINLY_LANGUAGE must be a language Plainly has words in (en)"),
        ("PLAINLY_LANGUAGE", "en-XX", "as in en-GB, but it is 'en-XX'"),
        ("PLAINLY_LANGUAGE", "../en", "PLAINLY_LANGUAGE must be a language"),
        ("PLAINLY_MODEL_DIR", "/no/such/folder", "PLAINLY_MODEL_DIR must be a folder"),
        ("PLAINLY_LOG_LEVEL", "loud", "PLAINLY_LOG_LEVEL must be DEBUG"),
        ("PLAINLY_ALLOWED_ORIGINS", "https://a.example, *", "PLAINLY_ALLOWED_ORIGINS must be web origins"),
        ("PLAINLY_DESK_HOST", "https://desk.shop.example", "PLAINLY_DESK_HOST must be a host name without a port"),
        ("PLAINLY_DESK_HOST", "desk.shop.example:8000", "PLAINLY_DESK_HOST must be a host name"),
        ("PLAINLY_DESK_IDLE_MINUTES", "0", "PLAINLY_DESK_IDLE_MINUTES must be a whole number"),
        ("PLAINLY_DESK_SESSION_HOURS", "half", "PLAINLY_DESK_SESSION_HOURS must be a whole number"),
    ],
)
def test_that_a_wrong_value_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, words: str
) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(PlainlyError) as caught:
        settings()
    assert words in caught.value.message
    assert caught.value.code == "wrong_setting"
    assert caught.value.data["variable"] == name


@pytest.mark.parametrize("language", ["en", "en-GB", "en-US", "en-IN"])
def test_that_a_language_that_is_taken_has_every_sentence_and_its_dates(
    monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setenv("PLAINLY_LANGUAGE", language)
    taken = settings().language
    assert phrases(taken).entries == phrases("en").entries
    assert say("waiting", taken).startswith("Thanks")
    assert say_moment(datetime(2026, 11, 24, 9, tzinfo=UTC), taken) == say_moment(
        datetime(2026, 11, 24, 9, tzinfo=UTC), "en"
    )


@pytest.mark.parametrize("url", ["postgres://u:p@h/db", "postgresql://u:p@h/db", "postgresql+psycopg://u:p@h/db"])
def test_that_postgresql_addresses_get_the_driver_we_ship(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PLAINLY_DATABASE_URL", url)
    assert settings().database_url == "postgresql+psycopg://u:p@h/db"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-07-01", "2026-07-01T12:00:00+01:00"),
        ("2026-01-31T14:05", "2026-01-31T14:05:00+00:00"),
        ("2026-07-01T23:30:00Z", "2026-07-02T00:30:00+01:00"),
    ],
)
def test_that_the_clock_can_be_held_at_a_moment(monkeypatch: pytest.MonkeyPatch, text: str, expected: str) -> None:
    monkeypatch.setenv("PLAINLY_NOW", text)
    assert clock.now().isoformat() == expected
    assert clock.today() == date.fromisoformat(expected[:10])


def test_that_the_clock_otherwise_tells_the_business_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINLY_TIMEZONE", "Asia/Tokyo")
    told = clock.now()
    assert abs((told - datetime.now(UTC)).total_seconds()) < 5
    assert told.utcoffset() is not None
    assert told.strftime("%z") == "+0900"


def test_that_a_misspelt_variable_is_pointed_out() -> None:
    assert misspelt_variables(["HOME", "PLAINLY_PORT", "PLAINLY_PROT", "PLAINLY_TEST_POSTGRES_URL"]) == [
        "PLAINLY_PROT is set, but Plainly has no such setting; did you mean PLAINLY_PORT."
    ]


@pytest.mark.parametrize("name", VARIABLES)
def test_that_the_documentation_lists_each_variable(name: str) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    default = VARIABLES[name].default
    assert f"| `{name}` | {f'`{default}`' if default else ''} | {VARIABLES[name].meaning} |" in page
