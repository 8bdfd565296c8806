"""Of several runs one is shipped, by a rule, with the figures of all."""

import shutil

import pytest

from explorer import checkpoint
from tests.conftest import ROOT
from train import seeds
from train.card import write_card
from train.recipes import beta_vae

FIGURES = dict.fromkeys(beta_vae.FIGURES, 0.5)


@pytest.fixture
def runs(make_checkpoint, tmp_path):
    """Folders of five runs by seed, their MIG in no order."""

    def run(seed, mig, **changes):
        folder = tmp_path / f"seed-{seed}" / "beta_vae" / "dsprites-beta4"
        shutil.copytree(make_checkpoint("beta_vae", "dsprites-beta4"), folder)
        config = checkpoint.read_config(ROOT / "checkpoints" / "beta_vae" / "dsprites-beta4")
        config["recipe"] |= {"seed": seed} | changes
        config["training"]["history"][-1]["loss"] = abs(mig - 0.35)
        config["figures"] = {"test": FIGURES | {"mig": mig}, "shipped": {}}
        config["weights_sha256"] = checkpoint.read_config(folder)["weights_sha256"]
        checkpoint.write_config(folder, config)
        return folder

    return run


def test_the_median_by_mig_is_shipped_and_its_card_names_all(runs, tmp_path):
    folders = [runs(seed, mig) for seed, mig in enumerate((0.1, 0.4, 0.2, 0.9, 0.3))]
    seeds.ship_median(folders, tmp_path / "shipped" / "beta_vae" / "dsprites-beta4")
    config = checkpoint.read_config(tmp_path / "shipped" / "beta_vae" / "dsprites-beta4")
    assert config["recipe"]["seed"] == 4
    assert [run["mig"] for run in config["seeds"].values()] == [0.1, 0.4, 0.2, 0.9, 0.3]
    card = write_card(config)
    assert "the median run by MIG, not the best one: seed 4" in card
    assert "| MIG | 0.300 | 0.100 | 0.400 | 0.200 | 0.900 | 0.300 |" in card


def test_the_run_of_the_lowest_loss_can_be_shipped_instead(runs, tmp_path):
    folders = [runs(seed, mig) for seed, mig in enumerate((0.1, 0.4, 0.9, 0.2))]
    seeds.ship_lowest_loss(folders, tmp_path / "shipped" / "beta_vae" / "dsprites-beta4")
    config = checkpoint.read_config(tmp_path / "shipped" / "beta_vae" / "dsprites-beta4")
    assert config["recipe"]["seed"] == 1
    card = write_card(config)
    assert "Shipped is the run of the lowest loss, whatever its scores: seed 1." in card
    assert "| MIG | 0.300 | 0.100 | 0.400 | 0.900 | 0.200 |" in card


def test_an_even_number_of_runs_has_no_median(runs, tmp_path):
    with pytest.raises(ValueError, match="2 runs have no median"):
        seeds.ship_median([runs(0, 0.1), runs(1, 0.2)], tmp_path / "shipped" / "beta_vae" / "dsprites-beta4")
    assert not (tmp_path / "shipped").exists()


def test_runs_of_different_recipes_are_not_compared(runs, tmp_path):
    with pytest.raises(ValueError, match="more than their seed"):
        seeds.ship_median(
            [runs(0, 0.1), runs(1, 0.2), runs(2, 0.3, steps=7)], tmp_path / "shipped" / "beta_vae" / "dsprites-beta4"
        )


def test_other_words_in_a_recipe_make_no_other_run(runs, tmp_path):
    folders = [runs(0, 0.1), runs(1, 0.2, published="now looked up"), runs(2, 0.3, purpose="said better")]
    seeds.ship_median(folders, tmp_path / "shipped" / "beta_vae" / "dsprites-beta4")
    assert checkpoint.read_config(tmp_path / "shipped" / "beta_vae" / "dsprites-beta4")["recipe"]["seed"] == 1
