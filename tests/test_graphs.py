"""The graphs that ship are the networks of the models they lie beside, as another runtime computes them."""

import shutil

import numpy as np
import onnxruntime
import pytest
import torch
from safetensors.numpy import load

from explorer import checkpoint
from explorer.models import MODELS
from explorer.nn.network import networks, run
from explorer.serve.networks import graphs_of
from explorer.serve.pool import Pool
from tests.conftest import ROOT
from train.graphs import MANY, Stored, example, of_page, traced

ALL = sorted(f"{path.parent.parent.name}/{path.parent.name}" for path in ROOT.glob("checkpoints/*/*/config.json"))


def graphs_in(folder):
    """Graphs of a folder by the names of their networks."""
    return {name: array.tobytes() for name, array in load(checkpoint.read_graphs(folder)).items()}


def session(folder, tmp_path, name, graph):
    shutil.copy(folder / checkpoint.WEIGHTS, tmp_path)
    (tmp_path / f"{name}.onnx").write_bytes(graph)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    return onnxruntime.InferenceSession(tmp_path / f"{name}.onnx", options)


@pytest.mark.parametrize("name", ALL)
def test_every_graph_gives_what_the_network_gives(name, tmp_path):
    folder = ROOT / "checkpoints" / name
    assert graphs_of(folder), f"{name} has no graphs that fit its weights: python -m train {name} --networks"
    model, graphs = checkpoint.load_model(folder), graphs_in(folder)
    declared = networks(type(model))
    assert graphs.keys() == of_page(model).keys()
    torch.manual_seed(0)
    for network, graph in graphs.items():
        sizes = model.axes() | dict.fromkeys(MANY, 3)
        inputs = {key: example(shape, sizes) for key, shape in declared[network].inputs.items()}
        wide = {key: value.long() if value.dtype == torch.int32 else value for key, value in inputs.items()}
        with torch.inference_mode():
            expected = run(model, network, wide)
        feeds = {key: value.numpy() for key, value in inputs.items()}
        found = session(folder, tmp_path, network, graph).run(list(expected), feeds)
        for (key, value), other in zip(expected.items(), found, strict=True):
            scale = max(1.0, float(value.abs().max())) if value.numel() else 1.0
            assert np.abs(value.numpy() - other).max() <= 2e-5 * scale, (network, key)


def test_graphs_hold_no_weights_of_their_own():
    sizes = [len(graph) for name in ALL for graph in graphs_in(ROOT / "checkpoints" / name).values()]
    assert max(sizes) < 60_000


def test_graphs_are_the_same_whatever_the_weights_are(tmp_path):
    made = []
    for seed in (0, 1):
        torch.manual_seed(seed)
        model = MODELS["beta_vae"]((1, 64, 64), latent_dim=3, patch=4, channels=[4, 4, 4], hidden=8)
        torch.nn.init.normal_(model.last.bias)
        said = {"family": "beta_vae", "variant": "v", "data": "dsprites", "model": {"picture_shape": [1, 64, 64]}}
        checkpoint.save(tmp_path / "beta_vae" / "v", model, said)
        stored = Stored(tmp_path / "beta_vae" / "v" / checkpoint.WEIGHTS)
        made.append(stored.link(traced(model.eval(), "decode", of_page(model)["decode"]), "decode"))
    assert made[0] == made[1]


def test_graphs_of_another_k_are_not_used(tmp_path):
    folder = tmp_path / "k_sparse" / "mnist-k25"
    shutil.copytree(ROOT / "checkpoints" / "k_sparse" / "mnist-k25", folder)
    assert graphs_of(folder)
    said = checkpoint.read_config(folder)
    checkpoint.write_config(folder, said | {"model": said["model"] | {"k": 10}})
    assert graphs_of(folder) == ""


def test_graphs_of_weights_that_lie_otherwise_are_not_used(tmp_path):
    folder = tmp_path / "vae" / "mnist-2d"
    shutil.copytree(ROOT / "checkpoints" / "vae" / "mnist-2d", folder)
    assert graphs_of(folder)
    shutil.copy(ROOT / "checkpoints" / "vae" / "mnist-50d" / checkpoint.WEIGHTS, folder)
    assert graphs_of(folder) == ""


def test_a_graph_names_where_its_weights_lie(tmp_path):
    folder = ROOT / "checkpoints" / "vae" / "mnist-2d"
    stored = Stored(folder / checkpoint.WEIGHTS)
    weight = dict(checkpoint.load_model(folder).state_dict())["decoder.0.weight"].numpy()
    assert stored.holds("decoder.0.weight", weight)
    assert not stored.holds("decoder.0.weight", weight + 1)


def test_a_folder_of_models_without_graphs_is_shown_all_the_same(tmp_path):
    folder = tmp_path / "vae" / "mnist-2d"
    shutil.copytree(ROOT / "checkpoints" / "vae" / "mnist-2d", folder)
    (folder / checkpoint.NETWORKS).unlink()
    assert list(Pool(tmp_path).configs) == ["vae/mnist-2d"]
    assert graphs_of(folder) == ""
