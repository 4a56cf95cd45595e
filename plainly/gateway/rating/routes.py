"""What a customer can do once a matter has ended: rate it, and take the transcript along."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

from anyio import to_thread
from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from plainly.clock import now
from plainly.errors import PlainlyError
from plainly.gateway.api import Here, Token, within_limits
from plainly.gateway.problems import Problem
from plainly.gateway.rating.transcript import transcript_text
from plainly.gateway.state import Gateway
from plainly.gateway.text import clean_text
from plainly.store.conversations import with_token
from plainly.store.handling import names_of
from plainly.store.messages import messages_after
from plainly.store.ratings import Rating, rate

MOST_WORDS = 2_000
_PAGE = 500

router = APIRouter(
    prefix="/api/v1/conversations",
    tags=["customer"],
    responses={"4XX": {"model": Problem}},
    dependencies=[Depends(within_limits)],
)


class Given(BaseModel):
    """A rating: 1 to 5, whether it was solved, and words where there are some. All empty skips the question.

    `episode` names the matter it is about, as the state of the conversation does.
    """

    model_config = ConfigDict(extra="forbid")

    score: Annotated[int | None, Field(ge=1, le=5, strict=True)] = None
    solved: Annotated[bool | None, Field(strict=True)] = None
    words: Annotated[str | None, Field(max_length=MOST_WORDS)] = None
    episode: Annotated[int | None, Field(ge=1, le=2**31 - 1, strict=True)] = None


@router.post("/{conversation_id}/rating", status_code=204)
async def give_rating(conversation_id: str, given: Given, token: Token, here: Here) -> Response:
    """Rate the matter that just ended, or skip the question by sending nothing but its episode. It is asked once."""
    await here.limits.spend("messages", conversation_id)
    await to_thread.run_sync(_rate, here, conversation_id, token, given)
    return Response(status_code=204)


def _rate(here: Gateway, conversation_id: str, token: str, given: Given) -> None:
    with here.store.write() as session:
        row = with_token(session, conversation_id, token, hold=True)
        rate(session, row, Rating(given.score, given.solved, _words(given.words)), given.episode, now())


def _words(text: str | None) -> str | None:
    try:
        return clean_text(text) if text else None
    except PlainlyError:
        return None


@router.get("/{conversation_id}/transcript")
async def transcript(conversation_id: str, token: Token, here: Here) -> Response:
    """The whole conversation as plain text, to keep. What staff wrote for themselves is not in it."""
    text = await to_thread.run_sync(_transcript, here, conversation_id, token)
    name = f"conversation-{now().date().isoformat()}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, media_type="text/plain; charset=utf-8", headers=headers)


def _transcript(here: Gateway, conversation_id: str, token: str) -> str:
    with here.store.read() as session:
        row = with_token(session, conversation_id, token)
        messages = messages_after(session, row.id, 0, limit=_PAGE)
        while more := messages_after(session, row.id, messages[-1].seq, limit=_PAGE) if messages else []:
            messages += more
        names = names_of(session, {one.author for one in messages if one.author_kind == "agent"})
        language = row.language
    business = here.folder.kb.business.name if here.folder.kb else ""
    return transcript_text(messages, names, business=business, zone=ZoneInfo(here.timezone), language=language)
