"""The forward pass of a BERT sentence model in numpy.

Sentences of one call lie end to end in one matrix without padding: the linear layers run over all
tokens at once, attention runs over each sentence alone. Nothing is masked, so nothing is wasted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from encoder.errors import EncoderError

Array = npt.NDArray[np.float32]

# A rational approximation of erf on [-4, 4] in odd powers over even powers, good to about 4e-7,
# as used by Eigen and XLA for float32. numpy has no erf and scipy is not worth its weight here.
_ERF_TOP = (-2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05,
            -7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02)  # fmt: skip
_ERF_BOTTOM = (-1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03,
               -7.37332916720468e-03, -1.42647390514189e-02)  # fmt: skip
_HALF_ROOT = np.float32(0.7071067811865476)


@dataclass(frozen=True)
class Norm:
    """Scale and shift after a layer normalisation."""

    weight: Array
    bias: Array


@dataclass(frozen=True)
class Layer:
    """One transformer layer, laid out for the fastest matrix products."""

    qkv: Array
    qkv_bias: Array
    out: Array
    out_bias: Array
    out_norm: Norm
    up: Array
    up_bias: Array
    down: Array
    down_bias: Array
    down_norm: Norm


@dataclass(frozen=True)
class Bert:
    """The weights of a BERT encoder."""

    words: Array
    places: Array
    norm: Norm
    layers: tuple[Layer, ...]
    heads: int
    epsilon: np.float32


def build(tensors: Mapping[str, Array], config: Mapping[str, Any]) -> Bert:
    """Arrange named tensors as a model; a missing one is an error that names it."""
    prefix = "bert." if "bert.embeddings.word_embeddings.weight" in tensors else ""
    try:
        heads = int(config["num_attention_heads"])
        take = _Reader(tensors, prefix)
        return Bert(
            words=take("embeddings.word_embeddings.weight"),
            # Every sentence is segment 0, so its vector joins the places once and for all.
            places=take("embeddings.position_embeddings.weight") + take("embeddings.token_type_embeddings.weight")[0],
            norm=take.norm("embeddings"),
            layers=tuple(_layer(take, i, heads) for i in range(int(config["num_hidden_layers"]))),
            heads=heads,
            epsilon=np.float32(config.get("layer_norm_eps", 1e-12)),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise EncoderError(
            "encoder_model_unusable",
            f"The sentence model's config.json and weights do not make a BERT encoder Plainly can run: {error}.",
        ) from error


class _Reader:
    """Reads tensors below a prefix."""

    def __init__(self, tensors: Mapping[str, Array], prefix: str) -> None:
        self.tensors, self.prefix = tensors, prefix

    def __call__(self, name: str) -> Array:
        return self.tensors[self.prefix + name]

    def norm(self, name: str) -> Norm:
        return Norm(self(f"{name}.LayerNorm.weight"), self(f"{name}.LayerNorm.bias"))


def _layer(take: _Reader, index: int, heads: int) -> Layer:
    base = f"encoder.layer.{index}"
    parts = [(take(f"{base}.attention.self.{n}.weight"), take(f"{base}.attention.self.{n}.bias"))
             for n in ("query", "key", "value")]  # fmt: skip
    scale = np.float32((parts[0][0].shape[0] // heads) ** -0.5)
    parts[0] = (parts[0][0] * scale, parts[0][1] * scale)
    # Widening products run faster on a transposed copy, narrowing ones on the mapped file as it is.
    return Layer(
        qkv=np.ascontiguousarray(np.concatenate([w for w, _ in parts]).T),
        qkv_bias=np.concatenate([b for _, b in parts]),
        out=take(f"{base}.attention.output.dense.weight").T,
        out_bias=take(f"{base}.attention.output.dense.bias"),
        out_norm=take.norm(f"{base}.attention.output"),
        up=np.ascontiguousarray(take(f"{base}.intermediate.dense.weight").T),
        up_bias=take(f"{base}.intermediate.dense.bias"),
        down=take(f"{base}.output.dense.weight").T,
        down_bias=take(f"{base}.output.dense.bias"),
        down_norm=take.norm(f"{base}.output"),
    )


def embed(bert: Bert, sentences: Sequence[Sequence[int]]) -> Array:
    """One unit vector per sentence of token ids: mean of the last layer's tokens, length 1."""
    lengths = [len(ids) for ids in sentences]
    runs = _runs(lengths)
    hidden = bert.words[np.concatenate([np.asarray(ids) for ids in sentences])]
    hidden = hidden + np.concatenate([bert.places[:n] for n in lengths])
    _normalise(hidden, bert.norm, bert.epsilon)
    for layer in bert.layers:
        hidden = _forward(bert, layer, hidden, runs)
    starts = np.cumsum([0, *lengths[:-1]])
    means = np.add.reduceat(hidden, starts, axis=0) / np.asarray(lengths, np.float32)[:, None]
    unit: Array = means / np.sqrt(np.einsum("ij,ij->i", means, means))[:, None]
    return unit


def _runs(lengths: Sequence[int]) -> list[tuple[int, int, int]]:
    """Neighbours of equal length as (first row, how many, length): their attention is one product."""
    runs: list[tuple[int, int, int]] = []
    row = 0
    for length in lengths:
        if runs and runs[-1][2] == length:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1, length)
        else:
            runs.append((row, 1, length))
        row += length
    return runs


def _forward(bert: Bert, layer: Layer, hidden: Array, runs: Sequence[tuple[int, int, int]]) -> Array:
    qkv = hidden @ layer.qkv
    qkv += layer.qkv_bias
    context = np.empty_like(hidden)
    for first, count, length in runs:
        rows = slice(first, first + count * length)
        context[rows] = _attend(qkv[rows], count, length, bert.heads)
    mixed: Array = context @ layer.out
    mixed += layer.out_bias
    mixed += hidden
    _normalise(mixed, layer.out_norm, bert.epsilon)
    wide: Array = mixed @ layer.up
    wide += layer.up_bias
    _gelu(wide)
    result: Array = wide @ layer.down
    result += layer.down_bias
    result += mixed
    _normalise(result, layer.down_norm, bert.epsilon)
    return result


def _attend(qkv: Array, count: int, length: int, heads: int) -> Array:
    """Softmax attention inside each of `count` sentences; the scale is already in the query weights."""
    width = qkv.shape[1] // 3
    query, key, value = qkv.reshape(count, length, 3, heads, width // heads).transpose(2, 0, 3, 1, 4)
    scores = query @ key.transpose(0, 1, 3, 2)
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    mixed: Array = (scores @ value).transpose(0, 2, 1, 3).reshape(count * length, width)
    return mixed


def _normalise(rows: Array, norm: Norm, epsilon: np.float32) -> None:
    width = np.float32(rows.shape[1])
    rows -= (np.add.reduce(rows, axis=1) / width)[:, None]
    spread = np.einsum("ij,ij->i", rows, rows) / width
    rows /= np.sqrt(spread + epsilon)[:, None]
    rows *= norm.weight
    rows += norm.bias


def _gelu(x: Array) -> None:
    """x * (1 + erf(x / sqrt 2)) / 2, in place."""
    z = x * _HALF_ROOT
    np.clip(z, -4, 4, out=z)
    square = z * z
    z *= _polynomial(square, _ERF_TOP)
    z /= _polynomial(square, _ERF_BOTTOM)
    z += np.float32(1)
    z *= np.float32(0.5)
    x *= z


def _polynomial(x: Array, coefficients: Sequence[float]) -> Array:
    result: Array = x * np.float32(coefficients[0])
    for coefficient in coefficients[1:-1]:
        result += np.float32(coefficient)
        result *= x
    result += np.float32(coefficients[-1])
    return result
