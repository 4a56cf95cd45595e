"""The sentence encoder: text in, unit vectors out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from encoder import bert, weights
from encoder.errors import EncoderError

MAX_TOKENS = 256
# More text than 256 tokens can hold; a message of a megabyte must not cost a second of tokenising.
MAX_CHARACTERS = 8_000
# Tokens per matrix product: enough for full speed, small enough to stay in the cache.
_CHUNK_TOKENS = 512
_REMEMBERED = 4_096


class SentenceEncoder:
    """Turns sentences into unit vectors, so that their dot product is their cosine similarity.

    The same text always gives the same vector. Repeated single sentences come from memory.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Load the shipped model, or the one in `folder`. Raises EncoderError when it cannot be used."""
        files = weights.read_model(folder)
        self.fingerprint = files.sha256
        self._bert = bert.build(files.tensors, files.config)
        self._tokenizer = _tokenizer(files.folder, self._bert)
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._encode_one)

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has (384 for the shipped model)."""
        return int(self._bert.words.shape[1])

    def encode(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """One row per text, float32, of length 1; an empty list gives an empty (0, dimensions) array."""
        if isinstance(texts, str):
            raise EncoderError("encoder_bad_input", "encode() takes a list of texts; use encode_one() for one text.")
        if len(texts) == 1:
            return self.encode_one(texts[0])[None].copy()
        return self._encode_many(texts)

    def encode_one(self, text: str) -> npt.NDArray[np.float32]:
        """The vector of one text, read-only, remembered for the next time."""
        return self._remembered(text)

    def knows(self, word: str) -> bool:
        """Whether a word is one of the model's own, whole: a common word, spelt as it should be."""
        return self._tokenizer.token_to_id(word.lower()) is not None

    def _encode_one(self, text: str) -> npt.NDArray[np.float32]:
        vector: npt.NDArray[np.float32] = bert.embed(self._bert, [self._tokenizer.encode(_clean(text)).ids])[0]
        vector.setflags(write=False)
        return vector

    def _encode_many(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        result = np.empty((len(texts), self.dimensions), np.float32)
        ids = [found.ids for found in self._tokenizer.encode_batch([_clean(text) for text in texts])]
        for chunk in _chunks(sorted(range(len(ids)), key=lambda i: (len(ids[i]), i)), ids):
            result[chunk] = bert.embed(self._bert, [ids[i] for i in chunk])
        return result


@lru_cache(maxsize=4)
def load_encoder(folder: Path | None = None) -> SentenceEncoder:
    """The encoder of this process for a folder, loaded once."""
    return SentenceEncoder(folder)


def _tokenizer(folder: Path, model: bert.Bert) -> Tokenizer:
    path = weights.tokenizer_file(folder)
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises a bare Exception for a broken file
        raise EncoderError(
            "encoder_model_unusable", f"The tokenizer {path} cannot be read: {error}.", {"path": str(path)}
        ) from error
    if tokenizer.get_vocab_size() > len(model.words):
        raise EncoderError(
            "encoder_model_unusable",
            f"The tokenizer {path} knows more words than the weights beside it: they belong to two models.",
            {"path": str(path)},
        )
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length=min(MAX_TOKENS, len(model.places)))
    return tokenizer


def _clean(text: str) -> str:
    """The text without lone surrogates, which the tokenizer refuses, and no longer than is read anyway."""
    return text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


def _chunks(order: Sequence[int], ids: Sequence[Sequence[int]]) -> list[list[int]]:
    chunks: list[list[int]] = [[]]
    tokens = 0
    for index in order:
        if chunks[-1] and tokens + len(ids[index]) > _CHUNK_TOKENS:
            chunks.append([])
            tokens = 0
        chunks[-1].append(index)
        tokens += len(ids[index])
    return [chunk for chunk in chunks if chunk]
