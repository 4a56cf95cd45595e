"""What the staff pages say, from `plainly/wording/<language>/staff.yml`."""

from __future__ import annotations

from plainly.errors import PlainlyError
from plainly.settings import settings
from plainly.wording.phrases import phrases


def say(key: str, **slots: object) -> str:
    """One sentence of the staff pages."""
    return phrases(settings().language).line(f"staff.{key}", **{name: str(value) for name, value in slots.items()})


def why(error: PlainlyError) -> str:
    """An error in the page's words, or in its own when the page has none."""
    if not phrases(settings().language).has(f"staff.refused.{error.code}"):
        return error.message
    minutes = -(-int(error.data.get("seconds", 0)) // 60)
    told = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else value for name, value in error.data.items()
    }
    return say(f"refused.{error.code}", **{"minutes": minutes, **told})
