"""Whatever JSON is sent to any handler of any tab: finite arrays, or one sentence that says what is wrong with it.

pytest tests/answers/test_every_question.py --hypothesis-profile=long       many more questions, other ones each time
"""

import json
import math
import resource
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load
from starlette.applications import Starlette
from starlette.testclient import TestClient

from explorer.answers import HANDLERS, map
from explorer.serve.server import launch_options
from explorer.serve.umap_jobs import Jobs
from tests.answers import honest

HANG = 60  # seconds: no question takes nearly as long, and one that hangs is not waited for
LARGEST_ANSWER = 12_000_000  # bytes
MOST_MEMORY = 400_000_000  # bytes that the process may grow by over all questions of a handler
# Arrays that may hold other values than numbers: curves NaN where they have no value, PSNR infinite of equal pictures.
ODD = {
    "td_vae/oscillation": {"context", "signal", "others", "kalman_band", "predicted"},
    "td_vae/fan": {"band"},
    **{name: {"values", "beside_values"} for name in honest.HANDLERS if name.endswith("/training")},
    "denoising/denoise": {"psnr", "pair_psnr", "spoilt_psnr"},
}

SURROGATE = "\ud800"
NUMBERS = [0, -1, 0.5, -0.0, True, 10**400, -(10**400), 2**63, 1e300, 1e-320, math.nan, math.inf, -math.inf]
TEXTS = ["", "1", "nan", "none", SURROGATE, "<b>x</b>", "../../etc", "vae/mnist-2d\n", "ü" * 300, "%s{0}"]
JSON = st.recursive(
    st.none() | st.booleans() | st.sampled_from(NUMBERS) | st.integers() | st.floats() | st.sampled_from(TEXTS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(TEXTS), inner, max_size=3),
    max_leaves=6,
)
# Names that mean something where a question is handed on.
KEYS = ["func", "data", "kind", "self", "pool", "handler", "args", "kwargs", "factors", "", SURROGATE]
BYTES = [b"", b"{", b"[]", b"null", b"\xff\xfe", b"\xef\xbb\xbf{}", b"[" * 20_000, b'{"a":' * 5_000, b"9" * 4_400]


@pytest.fixture(scope="module")
def client(shipped):
    """The server's own routes; a UMAP that is asked for never ends."""
    with pytest.MonkeyPatch.context() as patch:
        jobs = Jobs(("-c", "import time; time.sleep(600)"))
        patch.setattr(map, "JOBS", jobs)
        yield TestClient(Starlette(**launch_options(shipped, HANDLERS)["app_kwargs"]))
        jobs.close()


@st.composite
def bodies(draw, question: str, pool) -> tuple[bytes, bool]:
    """What a page could send, of any checkpoint, with up to two of its values exchanged for others; or no such JSON.

    The second value says that it has to be refused, whatever the handler.
    """
    own = honest.checkpoint_for(question, pool)
    asked = honest.ask(question, pool, draw(st.just(own) | st.sampled_from(sorted(pool.configs))))
    for _ in range(draw(st.sampled_from([0, 1, 1, 1, 2]))):
        asked |= draw(changes(asked))
    text = json.dumps(asked)
    kind = draw(st.sampled_from(["plain"] * 8 + ["twice", "utf-16", "long number", "bytes"]))
    if kind == "twice" and asked:
        return f"{{{json.dumps(next(iter(asked)))}: 1, {text[1:]}".encode(), True
    if kind == "utf-16":
        return text.encode("utf-16"), True
    if kind == "long number":
        return text.replace(": ", ": " + "9" * 4_400, 1).encode(), bool(asked)
    return (draw(st.sampled_from(BYTES)), True) if kind == "bytes" else (text.encode(), False)


def changes(asked: dict) -> st.SearchStrategy[dict]:
    """Another value for one argument, one wrong number in a list, or an argument that there is not."""
    added = st.builds(lambda key, value: {key: value}, st.sampled_from(KEYS), JSON)
    if not asked:
        return added
    key = st.sampled_from(sorted(asked))
    replaced = st.builds(lambda key, value: {key: value}, key, JSON)
    lists = [key for key, value in asked.items() if isinstance(value, list) and value]
    if not lists:
        return replaced | added
    spoilt = st.builds(lambda key, at, value: {key: spoil(asked[key], at, value)}, st.sampled_from(lists), ANY, JSON)
    return replaced | spoilt | added


ANY = st.integers(0, 10**6)


def spoil(values: list, at: int, value: object) -> list:
    """A list with another value at one place."""
    place = at % len(values)
    return [*values[:place], value, *values[place + 1 :]]


@pytest.mark.parametrize("question", honest.HANDLERS)
def test_any_json_gets_finite_arrays_or_one_sentence(client, shipped, question):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    @given(bodies(question, shipped))
    def check(sent):
        body, wrong = sent
        begun = time.monotonic()
        response = client.post(f"/ask/{question}", content=body)
        assert time.monotonic() - begun < HANG
        assert len(response.content) < LARGEST_ANSWER
        if response.status_code == 200 and not wrong:
            for name, array in load(response.content).items():
                assert name != "problems", array.tobytes()  # no model that ships fails
                assert name in ODD.get(question, ()) or np.isfinite(array).all(), name
        else:
            assert response.status_code == 400, response.text
            assert is_a_sentence(response.text), response.text
            assert "damaged" not in response.text, response.text
            assert "network" not in response.text, response.text

    check()
    assert 1024 * (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) < MOST_MEMORY


def is_a_sentence(text: str) -> bool:
    return text.endswith(".") and "\n" not in text and 10 < len(text) < 400 and text[0].strip() != ""


@pytest.mark.parametrize("question", honest.HANDLERS)
def test_what_the_page_itself_asks_is_answered(client, shipped, question):
    asked = honest.ask(question, shipped, honest.checkpoint_for(question, shipped))
    assert client.post(f"/ask/{question}", content=json.dumps(asked)).status_code == 200
