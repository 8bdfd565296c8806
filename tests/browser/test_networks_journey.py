"""The page computes its networks itself: what it answers is what the server answers."""

import json

import httpx
import numpy as np
import pytest
from safetensors.numpy import load

from tests.answers import honest
from tests.browser.hand import pixels, settle, started

PATIENCE = 60_000  # ms until all that a question needs is in the page, on a machine that does other work beside
# Checkpoints besides the first ones.
MORE = ["beta_vae/shapes3d-beta24", "vae/mnist-2d", "autoencoder/mnist-30d", "vq_vae_2/faces-64"]

ANSWER = """async ([question, values, patience]) => {
  const {ANSWERS, answer} = await import('/in_page/answers.js');
  const {askServer} = await import('/widgets/kit.js');
  if (!ANSWERS[question]) return null;
  for (const end = performance.now() + patience; performance.now() < end;) {
    const found = await answer(question, values);
    if (found && !found.unfinished) {
      const plain = value => typeof value === 'number'
        ? {data: [value], shape: [], bytes: false}
        : {data: Array.from(value.data), shape: value.shape, bytes: value.data instanceof Uint8Array};
      return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, plain(value)]));
    }
    if (found) continue;
    await askServer(...question.split('/'), values).catch(() => {});  // a busy machine: it is asked again
    await new Promise(done => setTimeout(done, 200));
  }
  return 'late';
}"""


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
            allowed = 1 if one["bytes"] else 2e-4 * max(1, np.abs(expected).max())
            with np.errstate(invalid="ignore"):
                off = np.where(values == expected, 0, np.abs(values - expected))  # both may be infinite
            if not off.max() <= allowed:
                wrong.append(f"{name}: {off.max()} at {off.argmax()}")
    return wrong


def test_every_answer_of_the_page_is_the_servers(own, address, shipped):
    questions = own.evaluate("async () => Object.keys((await import('/in_page/answers.js')).ANSWERS)")
    assert len(questions) > 30
    wrong = {}
    for question in questions:
        first = honest.checkpoint_for(question, shipped)
        others = [name for name in MORE if name.split("/")[0] == question.split("/")[0]]
        for checkpoint in [first, *others] if "checkpoint" in honest.arguments(honest.HANDLERS[question]) else [first]:
            values = honest.ask(question, shipped, checkpoint)
            answer = httpx.post(f"{address}/ask/{question}", content=json.dumps(values), timeout=60)
            assert answer.status_code == 200, (question, answer.text)
            found = differences(in_page(own, question, values), load(answer.content))
            if found:
                wrong[f"{question} {checkpoint}"] = found
    assert wrong == {}


def pad_at(page, across: float, down: float) -> None:
    """Move the pad's handle, as a share of its sides."""
    box = page.locator("#ae-pad .le-over").bounding_box()
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])


def ready(page) -> None:
    """Wait until the page decodes what the pad shows."""
    settle(page)
    model = {"checkpoint": "autoencoder/mnist-2d", "z": [0, 0]}
    in_page(page, "autoencoder/decode", model)
    in_page(page, "autoencoder/traversals", model | {"dimensions": [0, 1]})


def test_a_hand_on_the_pad_asks_the_server_nothing_once_the_page_has_the_network(own):
    ready(own)
    asked = []
    own.on("request", lambda request: asked.append(request.url) if "/ask/" in request.url else None)
    painted = "() => Number(document.querySelector('#ae-output canvas').dataset.painted)"
    before = own.evaluate(painted)
    for step in range(40):
        pad_at(own, 0.2 + step / 80, 0.5)
    own.wait_for_function(f"before => ({painted})() > before", arg=before)
    assert [url for url in asked if "judge" not in url] == []


def test_without_the_server_pictures_go_on_and_what_only_it_knows_is_said_once(own):
    ready(own)
    pad_at(own, 0.3, 0.3)
    settle(own)
    first = pixels(own, "#ae-output")
    own.context.set_offline(True)
    pad_at(own, 0.6, 0.6)
    own.wait_for_timeout(500)
    assert not np.array_equal(pixels(own, "#ae-output"), first)
    own.locator(".le-notice", has_text="does not answer").wait_for()
    own.context.set_offline(False)
    own.locator(".le-notice").wait_for(state="hidden")


def test_the_same_link_shows_the_same_pixels_whoever_computes_them(open_page, address):
    shown = []
    for net in ("server", "page"):
        page = open_page(f"{address}/?net={net}")
        page.wait_for_selector("#start-rows canvas[data-painted]")
        if net == "page":
            page.wait_for_function("() => window.latentExplorer.networks", timeout=PATIENCE)
        sliders = page.locator("#start-noise input[type=range]")
        sliders.first.evaluate("node => { node.value = .45; node.dispatchEvent(new Event('input', {bubbles: true})); }")
        settle(page)
        shown.append(pixels(page, "#start-rows .le-made"))
    assert np.abs(shown[0].astype(int) - shown[1].astype(int)).max() <= 1


def test_a_page_without_a_runtime_is_served_as_before(open_page, address):
    page = open_page(f"{address}/?net=server")
    started(page)
    assert page.evaluate("() => window.latentExplorer.networks === undefined")
    pad_at(page, 0.7, 0.4)
    settle(page)
    assert pixels(page, "#ae-output").max() > 100
