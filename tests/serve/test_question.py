"""What the page sends is refused with a sentence unless it is exactly what is needed."""

import numpy as np
import pytest

from explorer.models import MODELS
from explorer.serve.question import Of, Pointed, Refused, indices, number, picture, vector, whole

NAN, INFINITY = float("nan"), float("inf")


@pytest.mark.parametrize(
    "z",
    [
        [1],
        [1, 2, 3],
        [[1, 2]],
        5,
        [],
        None,
        "12",
        {"0": 1},
        [1, "a"],
        [[1], [2, 3]],
        [1, None],
        [1, True],
        [1, "1"],
        (1, 2),
    ],
)
def test_a_code_of_the_wrong_form_is_refused(z):
    with pytest.raises(Refused, match="z "):
        vector(z, 2, 10)


@pytest.mark.parametrize("z", [[NAN, 0], [0, INFINITY], [-INFINITY, 0], [1e300, 0]])
def test_a_code_that_is_not_finite_is_refused(z):
    with pytest.raises(Refused, match="not a finite number"):
        vector(z, 2, 10)


def test_a_code_out_of_range_is_clipped():
    np.testing.assert_array_equal(vector([1e6, -1e6], 2, 10), [[10, -10]])


def test_a_picture_comes_out_in_the_unit_range_and_the_models_shape():
    x = picture(list(range(-4, 600, 4))[:8], (2, 2, 2))
    assert x.shape == (1, 2, 2, 2)
    assert x.min() == 0


@pytest.mark.parametrize("x", [[0] * 783, [0] * 785, [[0] * 28] * 28, None, [NAN] * 784])
def test_a_picture_of_another_size_is_refused(x):
    with pytest.raises(Refused, match="The picture"):
        picture(x, (1, 28, 28))


@pytest.mark.parametrize("value", [1.5, "1", None, True, NAN, INFINITY, [1], -1, 11])
def test_a_seed_has_to_be_a_whole_number_in_range(value):
    with pytest.raises(Refused, match="The seed must be"):
        whole(value, 0, 10, "The seed")


@pytest.mark.parametrize("value", ["1", None, True, NAN, -INFINITY, [1.0]])
def test_a_setting_has_to_be_a_finite_number(value):
    with pytest.raises(Refused, match="The mean must be a finite number"):
        number(value, 0, 1, "The mean")


@pytest.mark.parametrize("value", [[0, 0], [4], [-1], [0.5], "01", None, [0, 1, 2, 3, 0]])
def test_dimensions_have_to_exist_and_to_be_distinct(value):
    with pytest.raises(Refused, match="dimensions"):
        indices(value, 4, "dimensions")


def test_codes_of_three_families_are_points_and_those_of_a_new_one():
    (pointed,) = Pointed.__metadata__
    assert {family for family in MODELS if pointed.takes(family)} == {"autoencoder", "vae", "beta_vae"}
    assert pointed.takes("linear")
    assert not Of(("vae",), "a VAE").takes("linear")
