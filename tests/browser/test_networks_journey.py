"""The page computes its networks itself: what it answers is what the server answers."""

import json

import httpx
import numpy as np
import pytest
from safetensors.numpy import load

from explorer.serve.pool import Pool
from tests.answers import honest
from tests.browser.hand import settle, started
from tests.conftest import ROOT

PATIENCE = 60_000  # ms until all that a question needs is in the page, on a machine that does other work beside
MORE = ["beta_vae/shapes3d-beta24", "vae/mnist-2d", "autoencoder/mnist-30d"]  # checkpoints besides the first ones

ANSWER = """async ([question, values, patience]) => {
  const {ANSWERS, answer} = await import('/in_page/answers.js');
  if (!ANSWERS[question]) return null;
  for (const end = performance.now() + patience; performance.now() < end;) {
    const found = await answer(question, values);
    if (found) {
      const plain = value => typeof value === 'number'
        ? {data: [value], shape: [], bytes: false}
        : {data: Array.from(value.data), shape: value.shape, bytes: value.data instanceof Uint8Array};
      return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, plain(value)]));
    }
    await fetch(`/ask/${question}`, {method: 'POST', body: JSON.stringify(values)});
    await new Promise(done => setTimeout(done, 200));
  }
  return 'late';
}"""


@pytest.fixture(scope="module")
def pool():
    return Pool(ROOT / "checkpoints")


@pytest.fixture
def own(open_page, address):
    """The app in a page that has its own networks."""
    page = open_page(f"{address}?net=page")
    started(page)
    page.wait_for_function("() => window.latentExplorer.networks", timeout=PATIENCE)
    return page


def in_page(page, question: str, values: dict) -> dict:
    """What the page answers; it is given what it has to know by asking the server as well."""
    found = page.evaluate(ANSWER, [question, values, PATIENCE])
    assert found not in (None, "late"), question
    return found


def differences(page_answer: dict, server_answer: dict) -> list[str]:
    """Sentences about arrays that differ: bytes by more than 1, floats by more than rounding."""
    wrong = [] if page_answer.keys() == server_answer.keys() else [f"{page_answer.keys() ^ server_answer.keys()}"]
    for name in page_answer.keys() & server_answer.keys():
        one, expected = page_answer[name], server_answer[name]
        values = np.array(one["data"], np.float64).reshape(one["shape"])
        if values.shape != expected.shape:
            wrong.append(f"{name}: {values.shape} and not {expected.shape}")
        elif one["bytes"] != (expected.dtype == np.uint8):
            wrong.append(f"{name}: is {'' if one['bytes'] else 'not '}bytes")
        elif expected.size:
            off = np.abs(values - expected)
            allowed = 1 if one["bytes"] else 2e-4 * max(1, np.nanmax(np.abs(expected)))
            if np.nanmax(off) > allowed:
                wrong.append(f"{name}: {np.nanmax(off)} at {np.nanargmax(off)}")
    return wrong


def test_every_answer_of_the_page_is_the_servers(own, address, pool):
    questions = own.evaluate("async () => Object.keys((await import('/in_page/answers.js')).ANSWERS)")
    assert len(questions) > 30
    wrong = {}
    for question in questions:
        first = honest.checkpoint_for(question, pool)
        others = [name for name in MORE if name.split("/")[0] == question.split("/")[0]]
        for checkpoint in [first, *others] if "checkpoint" in honest.arguments(honest.HANDLERS[question]) else [first]:
            values = honest.ask(question, pool, checkpoint)
            answer = httpx.post(f"{address}/ask/{question}", content=json.dumps(values), timeout=60)
            assert answer.status_code == 200, (question, answer.text)
            found = differences(in_page(own, question, values), load(answer.content))
            if found:
                wrong[f"{question} {checkpoint}"] = found
    assert wrong == {}


def test_a_hand_on_the_pad_asks_the_server_nothing_once_the_page_has_the_network(own):
    settle(own)
    asked = []
    own.on("request", lambda request: asked.append(request.url) if "/ask/" in request.url else None)
    pad = own.locator("#ae-pad canvas").last.bounding_box()
    own.mouse.move(pad["x"] + 60, pad["y"] + 60)
    own.mouse.down()
    in_page(own, "autoencoder/decode", {"checkpoint": "autoencoder/mnist-2d", "z": [0, 0]})
    asked.clear()
    for step in range(40):
        own.mouse.move(pad["x"] + 60 + 3 * step, pad["y"] + 60 + step)
    assert [url for url in asked if "judge" not in url] == []
    own.mouse.up()
    settle(own)
