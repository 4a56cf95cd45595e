"""Everything an operator can set, read from the environment here and nowhere else.

Rasa's parts read it too, in an environment of Python 3.10: what is imported here must be there as well.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from plainly.errors import PlainlyError

PREFIX = "PLAINLY_"


@dataclass(frozen=True)
class Settings:
    """The settings of this process; each field is the PLAINLY_ variable of the same name."""

    database_url: str
    kb: Path
    host: str
    port: int
    rasa_url: str
    rasa_port: int
    actions_url: str
    actions_port: int
    internal_token: str
    now: datetime | None
    timezone: ZoneInfo
    language: str
    model_dir: Path | None
    var: Path
    cache: Path
    log_level: str
    allowed_origins: tuple[str, ...]
    rate_limit: float
    assign: str
    identity_keys: Path | None
    identity_issuer: str
    identity_audience: str
    silent_hours: float
    desk_host: str
    desk_idle_minutes: int
    desk_session_hours: int


@dataclass(frozen=True)
class Variable:
    """One environment variable: its default, what it means, and how its text is read.

    `read` raises ValueError with the words that end "PLAINLY_X ...".
    """

    default: str
    meaning: str
    read: Callable[[str], Any]

    def value(self, name: str, text: str | None) -> Any:
        """The value of the text, or of the default where the variable is unset or empty."""
        given = (text or "").strip() or self.default
        try:
            return self.read(given)
        except ValueError as error:
            raise PlainlyError(
                "wrong_setting", f"{name} {error}, but it is {given!r}.", {"variable": name, "value": given}
            ) from None


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65_535:
        raise ValueError("must be a port number from 0 to 65535 (0 picks a free one)")
    return int(text)


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\S*", text):
        raise ValueError("must be a web address such as http://127.0.0.1:5005")
    return text.rstrip("/")


def _database(text: str) -> str:
    """SQLAlchemy's spelling; the addresses hosting companies hand out lack the driver's name."""
    url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", text)
    if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return url


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError("must be a time zone such as Europe/London") from None


def _moment(text: str) -> datetime | date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text) if len(text) <= len("2026-01-31") else datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a date or time such as 2026-01-31 or 2026-01-31T14:05") from None


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _model_folder(text: str) -> Path | None:
    if not text:
        return None
    if not _folder(text).is_dir():
        raise ValueError("must be a folder with a sentence model")
    return _folder(text)


def languages() -> tuple[str, ...]:
    """The languages Plainly can answer in: the folders of sentences in `plainly/wording`."""
    return tuple(sorted(path.parent.name for path in (Path(__file__).parent / "wording").glob("??/words.yml")))


def _language(text: str) -> str:
    from babel import localedata

    shaped = re.fullmatch(r"([a-z]{2})(-[A-Z]{2})?", text)
    if not shaped or shaped[1] not in languages() or not localedata.exists(text.replace("-", "_")):
        known = ", ".join(languages())
        raise ValueError(f"must be a language Plainly has words in ({known}), alone or with a country as in en-GB")
    return text


def _level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return text.upper()


def _assign(text: str) -> str:
    if text not in ("claim", "round_robin"):
        raise ValueError("must be claim or round_robin")
    return text


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(text.split())
    if any(not re.fullmatch(r"https?://[^\s/]+", origin) for origin in origins):
        raise ValueError("must be web origins separated by spaces, such as https://shop.example")
    return origins


def _file(text: str) -> Path | None:
    return _folder(text) if text else None


def _hours(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,4})?", text) or float(text) <= 0:
        raise ValueError("must be a number of hours above 0, such as 24 or 0.5")
    return float(text)


def _factor(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text):
        raise ValueError("must be a number such as 1 or 0.5; 0 lifts the limits")
    return float(text)


def _host_name(text: str) -> str:
    if not re.fullmatch(r"([A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*)?", text):
        raise ValueError("must be a host name without a port, such as desk.shop.example")
    return text.lower()


def _amount(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or int(text) < 1:
        raise ValueError("must be a whole number from 1 to 999999")
    return int(text)


VARIABLES: Mapping[str, Variable] = {
    "PLAINLY_ASSIGN": Variable(
        "claim", "who gets a waiting conversation: claim (who takes it) or round_robin (in turn)", _assign
    ),
    "PLAINLY_DATABASE_URL": Variable(
        "", "the database; unset means the SQLite file plainly.db in PLAINLY_VAR", _database
    ),
    "PLAINLY_KB": Variable("policies_kb", "the policy folder", _folder),
    "PLAINLY_HOST": Variable("127.0.0.1", "the address the website listens on", str),
    "PLAINLY_PORT": Variable("8000", "the port the website listens on; 0 picks a free one", _port),
    "PLAINLY_RASA_URL": Variable("http://127.0.0.1:5005", "where the gateway finds Rasa; `make run` sets it", _url),
    "PLAINLY_RASA_PORT": Variable("0", "the port `make run` gives Rasa; 0 picks a free one", _port),
    "PLAINLY_ACTIONS_URL": Variable(
        "http://127.0.0.1:5055/webhook", "where Rasa finds the action server; `make run` sets it", _url
    ),
    "PLAINLY_ACTIONS_PORT": Variable("0", "the port `make run` gives the action server; 0 picks a free one", _port),
    "PLAINLY_INTERNAL_TOKEN": Variable("", "the secret between gateway and Rasa; `make run` makes one per start", str),
    "PLAINLY_NOW": Variable("", "pretend it is this moment (tests and previews); a bare date means noon", _moment),
    "PLAINLY_TIMEZONE": Variable("Europe/London", "the time zone of the business", _zone),
    "PLAINLY_LANGUAGE": Variable(
        "en", "the language customers are answered in: `en`, alone or with a country as in `en-GB`", _language
    ),
    "PLAINLY_MODEL_DIR": Variable("", "another sentence model's folder; unset means the shipped model", _model_folder),
    "PLAINLY_VAR": Variable("var", "the folder for the database and logs", _folder),
    "PLAINLY_CACHE": Variable("var/cache", "the folder for sentence vectors, kept by content; safe to share", _folder),
    "PLAINLY_LOG_LEVEL": Variable("INFO", "how much is logged: DEBUG, INFO, WARNING or ERROR", _level),
    "PLAINLY_ALLOWED_ORIGINS": Variable("", "websites that may embed the widget, separated by spaces", _origins),
    "PLAINLY_RATE_LIMIT": Variable("1", "multiplies how much one visitor may send; 0 lifts the limits", _factor),
    "PLAINLY_IDENTITY_KEYS": Variable(
        "", "a JWKS file with the keys a shop vouches with; unset means nobody is vouched for", _file
    ),
    "PLAINLY_IDENTITY_ISSUER": Variable("", "who signs the shop's tokens: their claim iss", str),
    "PLAINLY_IDENTITY_AUDIENCE": Variable("plainly", "whom the shop's tokens are meant for: their claim aud", str),
    "PLAINLY_SILENT_HOURS": Variable("24", "hours without a word after which a matter counts as ended", _hours),
    "PLAINLY_DESK_HOST": Variable("", "the only host name staff sign in at; customers use all others", _host_name),
    "PLAINLY_DESK_IDLE_MINUTES": Variable(
        "60", "minutes without a sign of life after which staff sign in anew", _amount
    ),
    "PLAINLY_DESK_SESSION_HOURS": Variable("12", "hours after which staff sign in anew in any case", _amount),
}


def settings() -> Settings:
    """The settings as the environment has them now. Raises PlainlyError naming a variable that is wrong."""
    return _build(tuple(os.environ.get(name) for name in VARIABLES))


@lru_cache(maxsize=16)
def _build(texts: tuple[str | None, ...]) -> Settings:
    found = {
        name.removeprefix(PREFIX).lower(): variable.value(name, text)
        for (name, variable), text in zip(VARIABLES.items(), texts, strict=True)
    }
    found["now"] = _in_zone(found["now"], found["timezone"])
    found["database_url"] = found["database_url"] or f"sqlite:///{found['var'] / 'plainly.db'}"
    return Settings(**found)


def _in_zone(moment: date | None, zone: ZoneInfo) -> datetime | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(12), zone)
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def is_demo_database() -> bool:
    """Whether the database is the one of `make run` as it comes: nobody named another."""
    return not (os.environ.get("PLAINLY_DATABASE_URL") or "").strip()


def misspelt_variables(names: Iterable[str]) -> list[str]:
    """One sentence for each PLAINLY_ name that is no setting, so that a slip does not pass unseen."""
    known = (*VARIABLES, "PLAINLY_TEST_POSTGRES_URL")
    return [
        f"{name} is set, but Plainly has no such setting{_guess(name)}."
        for name in sorted(names)
        if name.startswith(PREFIX) and name not in known
    ]


def _guess(name: str) -> str:
    near = difflib.get_close_matches(name, VARIABLES, n=1)
    return f"; did you mean {near[0]}" if near else ""
