"""The page computes its networks itself: what it answers is what the server answers."""

import json
from collections.abc import Iterator

import httpx
import numpy as np
import pytest
from safetensors.numpy import load

from explorer.data import sample_sheets
from tests.answers import honest
from tests.browser.hand import pixels, settle, started

PATIENCE = 60_000  # ms until all that a question needs is in the page, on a machine that does other work beside
# Checkpoints besides the first ones.
MORE = ["beta_vae/shapes3d-beta24", "vae/mnist-2d", "autoencoder/mnist-30d", "vq_vae_2/faces-64"]
SEVEN = sample_sheets.load("mnist").pictures[0].ravel().tolist()
LOUD = {"frequency": 0.25, "amplitude": 2, "phase": 3, "pushes": 0.2, "noise": 1, "noise_seed": 9}
STILL = {"pushes": 0, "noise": 0, "t": 200}
# Arguments besides those of tests/answers/honest.py, in which they change some.
ALSO = {
    "beta_vae/place_dsprites": [
        {"shape": 0, "scale": 5, "orientation": 39, "posX": 31, "posY": 0},
        {"shape": 2, "scale": 0, "orientation": 17, "posX": 0, "posY": 31},
    ],
    "td_vae/futures": [{"x": SEVEN, "t": 3, "jump": 6, "jumps": 8}],
    "td_vae/ways": [{"x": SEVEN}, {"x": SEVEN, "t": 1, "speed": -2}, {"x": SEVEN, "t": 20, "vertical": 1, "draw": 3}],
    "td_vae/blind": [
        {"x": SEVEN, "marks": [0, 1, 2, 3] * 5, "t": 14, "later": 6},
        {"x": SEVEN, "marks": [3] * 5 + [0] * 15, "t": 6, "later": 1, "vertical": 1, "draw": 7},
    ],
    "td_vae/oscillation": [{"t": 1}, LOUD | {"t": 57}, STILL, {"amplitude": 99, "frequency": -1}],
    "td_vae/fan": [{"jump": 1}, {"jump": 7, "draw": 5}, LOUD | {"jump": 59}, STILL | {"jump": 120}],
}
# What the server refuses.
WRONG = {
    "beta_vae/place_dsprites": [{"shape": 3}, {"posX": 32}, {"orientation": -1}, {"scale": 1.5}],
    "td_vae/frames": [{"speed": 4}, {"start": 28}, {"vertical": 2}, {"x": SEVEN[1:]}],
    "td_vae/futures": [{"t": 21}, {"jump": 7}, {"jumps": 9}, {"draw": -1}, {"checkpoint": "td_vae/oscillator"}],
    "td_vae/ways": [{"t": 0}, {"t": 1.5}, {"draw": -1}, {"speed": -4}, {"checkpoint": "td_vae/oscillator"}],
    "td_vae/blind": [{"later": 7}, {"marks": [0] * 19}, {"marks": [4] * 20}, {"marks": [3] * 20}, {"x": [None] * 784}],
    "td_vae/oscillation": [{"t": 201}, {"noise": None}, {"noise_seed": 0.5}, {"checkpoint": "td_vae/moving-mnist"}],
    "td_vae/fan": [{"jump": 0}, {"jump": 121}, {"draw": 10**7}, {"phase": "1"}, {"checkpoint": "td_vae/none"}],
}

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

ANSWER_ONCE = """async ([question, values]) => {
  const {answer} = await import('/in_page/answers.js');
  return Boolean(await answer(question, values));
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
            allowed = 1 if one["bytes"] else 2e-4 * np.abs(expected[np.isfinite(expected)]).max(initial=1)
            same = (values == expected) | (np.isnan(values) & np.isnan(expected))  # both may be infinite, or no number
            with np.errstate(invalid="ignore"):
                off = np.where(same, 0, np.abs(values - expected))
            if not off.max() <= allowed:
                wrong.append(f"{name}: {off.max()} at {off.argmax()}")
    return wrong


def test_every_answer_of_the_page_is_the_servers(own, address, shipped):
    questions = own.evaluate("async () => Object.keys((await import('/in_page/answers.js')).ANSWERS)")
    assert len(questions) > 30
    wrong = {}
    for question, values in (pair for name in questions for pair in asked(name, shipped)):
        answer = ask_server(address, question, values)
        assert answer.status_code == 200, (question, answer.text)
        found = differences(in_page(own, question, values), load(answer.content))
        if found:
            wrong[f"{question} { {name: value for name, value in values.items() if np.ndim(value) == 0} }"] = found
    assert wrong == {}


def asked(question: str, pool) -> Iterator[tuple[str, dict]]:
    """A question with each of the arguments that it is tried with."""
    first = honest.checkpoint_for(question, pool)
    others = [name for name in MORE if name.split("/")[0] == question.split("/")[0]]
    for checkpoint in [first, *others] if "checkpoint" in honest.arguments(honest.HANDLERS[question]) else [first]:
        yield question, honest.ask(question, pool, checkpoint)
    for changes in ALSO.get(question, []):
        yield question, honest.ask(question, pool, first) | changes


def ask_server(address: str, question: str, values: dict) -> httpx.Response:
    return httpx.post(f"{address}/ask/{question}", content=json.dumps(values), timeout=60)


def test_what_the_server_refuses_is_left_to_it(own, address, shipped):
    answered = []
    for question, changed in WRONG.items():
        values = honest.ask(question, shipped, honest.checkpoint_for(question, shipped))
        in_page(own, question, values)  # it could answer
        for changes in changed:
            assert ask_server(address, question, values | changes).status_code >= 400
            if own.evaluate(ANSWER_ONCE, [question, values | changes]):
                answered.append((question, changes))
    assert answered == []


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
