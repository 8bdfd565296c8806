"""A key that is written wrongly fails when the app is built, with a sentence that names tab, widget and key."""

import gradio as gr
import pytest

import app
from explorer.answers import HANDLERS
from explorer.models import MODELS
from explorer.page.check import PageError
from explorer.page.kinds import Kind, gives, kind_given, kind_of
from explorer.page.rule import Rule
from explorer.page.tab import tab, this_tab
from explorer.serve.pool import Pool
from explorer.widgets.controls import controls, slider
from explorer.widgets.curves import curves
from explorer.widgets.latent_pad import latent_pad
from explorer.widgets.picture_grid import picture_grid
from explorer.widgets.picture_input import picture_input
from explorer.widgets.readout import readout, value
from explorer.widgets.tab_setup import set_up
from tests.answers import honest
from tests.conftest import ROOT

MODEL = {"checkpoint": "checkpoint"}
FACTS = {"autoencoder/mnist-2d": {"data": "mnist", "latent_dim": 2, "kl": None}}
ENCODE = Rule("encode", when={**MODEL, "x": "x"}, gives={"z": "z"})
DECODE = Rule("decode", when={"z": "z"}, using=MODEL, gives={"x_hat": "x_hat"})
JUDGE = Rule("judge", when={"z": "z"}, using={**MODEL, "x": "x"}, gives={"error": "error"})
PLANE = Rule("plane", when=MODEL, gives={name: name for name in ("codes", "labels", "view", "holes")})
N = slider("n", "n", 0, 1, 1)
ALL = (ENCODE, DECODE, JUDGE, PLANE)


def build(*more, rules=ALL, python=None):
    """A small tab, with more widgets in it, checked."""
    with gr.Blocks() as demo, tab("autoencoder"):
        set_up({"checkpoint": "autoencoder/mnist-2d"}, list(rules), FACTS, python or {})
        picture_input("x", "Input", elem_id="input")
        latent_pad("z", "Code", elem_id="pad")
        picture_grid("x_hat", "Reconstruction", captions="error", elem_id="output")
        for widget in more:
            widget()
    app.check_pages(demo, complete=True)


def test_a_tab_whose_keys_are_right_is_built():
    build()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            lambda: build(lambda: picture_grid("x_ht", "Typo", elem_id="typo")),
            "autoencoder: picture_grid typo reads 'x_ht', which nothing gives. Is it 'x_hat'?",
        ),
        (
            lambda: build(lambda: picture_grid("x_hat", "Typo", captions="eror", elem_id="typo")),
            "autoencoder: picture_grid typo reads 'eror', which nothing gives. Is it 'error'?",
        ),
        (
            lambda: build(lambda: readout([value("distnce", "d")], elem_id="numbers")),
            "autoencoder: readout numbers reads 'distnce', which nothing gives.",
        ),
        (
            lambda: build(lambda: controls([N], show_if={"key": "latent", "values": []}, elem_id="n")),
            "autoencoder: controls n reads 'latent', which nothing gives. Is it 'latent_dim'?",
        ),
        (
            lambda: build(lambda: curves("x_hat", {"z": "z: z"}, x_label="", y_label="", elem_id="lines")),
            "autoencoder: curves lines reads 'x_hat' as numbers, and it is pictures.",
        ),
        (
            lambda: build(lambda: picture_grid("codes", "Codes", elem_id="codes")),
            "autoencoder: picture_grid codes reads 'codes' as pictures, and it is numbers.",
        ),
        (
            lambda: build(rules=[Rule("encode", when={**MODEL, "x": "y"}, gives={"z": "z"}), DECODE, JUDGE, PLANE]),
            "autoencoder: the rule of encode reads 'y', which nothing gives.",
        ),
        (
            lambda: build(
                rules=[Rule("encode", when={**MODEL, "picture": "x"}, gives={"z": "z"}), DECODE, JUDGE, PLANE]
            ),
            "autoencoder: the rule of encode and its answer differ in picture, x.",
        ),
        (
            lambda: build(rules=[Rule("encod", when={**MODEL, "x": "x"}, gives={"z": "z"}), DECODE, JUDGE, PLANE]),
            "autoencoder: the rule of encod asks what nothing answers. Is it 'encode'?",
        ),
        (
            lambda: build(rules=[ENCODE, Rule("decode", {"z": "z"}, {"xhat": "x_hat"}, MODEL), JUDGE, PLANE]),
            "autoencoder: the rule of decode gives 'x_hat' from 'xhat', which its answer does not hold.",
        ),
        (
            lambda: build(rules=[*ALL, Rule("judge", {"z": "z"}, {"distance": "distnce"}, {**MODEL, "x": "x"})]),
            "autoencoder: the rule of judge gives 'distnce', which nothing reads.",
        ),
        (
            lambda: build(rules=[*ALL, Rule("pca", {**MODEL, "x": "x", "dimensions": "dim"}, {"x_pca": "x_hat"})]),
            "autoencoder: the rule of pca reads 'dim', which nothing gives.",
        ),
        (
            lambda: build(python={"checkpoint": "checkpoint", "z": "zz"}),
            "autoencoder: its program reads 'zz', which nothing gives. Is it 'z'?",
        ),
    ],
)
def test_a_wrong_key_is_named(wrong, sentence):
    with pytest.raises(PageError) as error:
        wrong()
    assert str(error.value).startswith(sentence)


def test_a_widget_outside_of_a_tab_is_refused():
    with gr.Blocks(), pytest.raises(RuntimeError, match="belongs to a tab"):
        picture_grid("x_hat", "Reconstruction")


def test_a_widget_belongs_to_the_innermost_tab_that_is_being_built():
    with gr.Blocks(), tab("vae"):
        with tab("sparse"):
            inner = picture_grid("x_hat", "Reconstruction")
        outer = picture_grid("x_hat", "Reconstruction")
    assert [inner.props["tab"], outer.props["tab"]] == ["sparse", "vae"]


def test_no_tab_is_being_built_after_one_that_failed():
    with pytest.raises(ValueError, match="damaged"), tab("vae"):
        raise ValueError("damaged")
    with pytest.raises(RuntimeError):
        this_tab()


@pytest.fixture(scope="module")
def pool():
    return Pool(ROOT / "checkpoints")


def test_all_that_the_rules_of_the_app_give_is_read(pool):
    app.check_pages(app.build(pool), complete=True)


@pytest.mark.parametrize("family", MODELS)
def test_with_models_of_one_family_alone_the_app_is_built(family, make_checkpoint):
    app.build(Pool(make_checkpoint(family).parent.parent))


@pytest.mark.parametrize("question", [name for name in honest.HANDLERS if not name.startswith("map/another")])
def test_an_answer_holds_what_it_declares_and_nothing_else(question, pool):
    handler = honest.HANDLERS[question]
    answer = handler(pool, **honest.ask(question, pool, honest.checkpoint_for(question, pool)))
    declared = getattr(handler, "func", handler).gives
    for name, array in answer.items():
        kind = kind_given(handler, name)
        assert kind is not None, name
        if kind is not Kind.BYTES and not (kind is Kind.NUMBERS and array.ndim > 2):  # grids of several samples
            assert kind_of(array) is kind, name
    plain = {name for name in declared if "*" not in name}
    assert plain - answer.keys() == set()


def test_a_partial_declares_what_its_function_does():
    @gives(numbers="*_film")
    def answer(pool):
        return {}

    assert kind_given(answer, "one_film") is Kind.NUMBERS
    assert kind_given(answer, "film") is None
    assert kind_given(HANDLERS["beta_vae"]["place_dsprites"], "x") is Kind.PICTURES
