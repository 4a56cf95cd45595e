"""The sentence encoder says what the model's authors say it says, whatever text it is given."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from encoder import EncoderError, SentenceEncoder, load_encoder
from encoder.bert import _gelu

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return load_encoder()


def test_that_similarities_equal_the_published_ones(encoder: SentenceEncoder) -> None:
    # The table in the sentence-transformers quickstart for all-MiniLM-L6-v2.
    rows = encoder.encode(["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."])
    expected = [[1.0, 0.6660, 0.1046], [0.6660, 1.0, 0.1411], [0.1046, 0.1411, 1.0]]
    np.testing.assert_allclose(rows @ rows.T, expected, atol=1e-4)


@pytest.mark.parametrize(
    ("question", "paraphrase", "unrelated"),
    [
        ("Can I return an opened kettle?", "May I send back a kettle I have used?", "What time do you open on Sunday?"),
        ("My parcel is late", "The delivery has not arrived yet", "How do I reset my password?"),
        ("How long is the warranty?", "For how many months is it guaranteed?", "Do you sell gift cards?"),
    ],
)
def test_that_a_paraphrase_is_nearer_than_another_subject(
    encoder: SentenceEncoder, question: str, paraphrase: str, unrelated: str
) -> None:
    rows = encoder.encode([question, paraphrase, unrelated])
    assert rows[0] @ rows[1] > rows[0] @ rows[2] + 0.2


AWKWARD = [
    "",
    " ",
    "a",
    "refund " * 2_000,
    "Ünïcödé ﬁne, 退货政策是什么？ שלום 🙂🙂",
    "\x00\x07\u202eright to left\u200f",
    "half a pair: \ud83d",
    "[MASK] [SEP] [CLS] <script>alert(1)</script>",
]


@pytest.mark.parametrize("text", AWKWARD, ids=range(len(AWKWARD)))
def test_that_any_text_gives_one_finite_unit_vector(encoder: SentenceEncoder, text: str) -> None:
    row = encoder.encode([text])
    assert row.shape == (1, 384)
    assert row.dtype == np.float32
    assert np.linalg.norm(row[0]) == pytest.approx(1, abs=1e-5)


def test_that_a_batch_gives_the_same_rows_in_order_as_single_sentences(encoder: SentenceEncoder) -> None:
    texts = [*AWKWARD, *(" ".join(["late parcel number", str(n)] * (1 + n % 9)) for n in range(60))]
    single = np.stack([encoder.encode_one(text) for text in texts])
    np.testing.assert_allclose(encoder.encode(texts), single, atol=1e-5)


def test_that_the_same_text_always_gives_the_same_bytes(encoder: SentenceEncoder) -> None:
    again = SentenceEncoder()
    assert encoder.encode(["where is it"]).tobytes() == again.encode(["where is it"]).tobytes()


def test_that_no_texts_give_no_rows(encoder: SentenceEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


def test_that_a_remembered_vector_cannot_be_changed_by_its_user(encoder: SentenceEncoder) -> None:
    encoder.encode(["mine"])[0] *= 0
    assert np.linalg.norm(encoder.encode(["mine"])) == pytest.approx(1, abs=1e-5)
    with pytest.raises(ValueError, match="read-only"):
        encoder.encode_one("mine")[0] = 1


def test_that_one_string_instead_of_a_list_is_refused(encoder: SentenceEncoder) -> None:
    with pytest.raises(EncoderError, match="list of texts"):
        encoder.encode("a single text")


def test_that_gelu_equals_its_definition() -> None:
    x = np.linspace(-12, 12, 4_001, dtype=np.float32)
    expected = [float(v) * (1 + math.erf(float(v) / math.sqrt(2))) / 2 for v in x]
    _gelu(y := x.copy())
    np.testing.assert_allclose(y, expected, atol=2e-6)


def test_that_importing_the_package_loads_neither_numpy_nor_plainly() -> None:
    code = "import sys, encoder; print(sorted({'numpy', 'tokenizers', 'plainly'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_that_rasas_python_gives_the_same_vectors(encoder: SentenceEncoder) -> None:
    python = ROOT / ".venv-rasa" / "bin" / "python"
    code = "import encoder, json; print(json.dumps(encoder.load_encoder().encode_one('Is it too late?').tolist()))"
    done = subprocess.run([python, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    np.testing.assert_allclose(floats(done.stdout), encoder.encode_one("Is it too late?"), atol=1e-5)


def floats(text: str) -> list[float]:
    return [float(part) for part in text.strip().strip("[]").split(",")]
