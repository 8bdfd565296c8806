"""All recipes by name, and what each family measures.

A family's module has RECIPES, FIGURES, measure and profile; probe where figures need the training set too; beside and
PROTOCOL where known codes say what a score is worth; RANKED_BY, one of its figures, where seeds are compared;
training_note for a sentence on the course of a run; app_codes where codes are not floats; protocol in place of
PROTOCOL where it depends on the picture set; SHEETS and sheet where a card shows samples.
"""

from train.recipe import Recipe
from train.recipes import autoencoder, beta_vae, contractive, denoising, k_sparse, sparse, td_vae, vae, vq_vae, vq_vae_2

FAMILIES = {
    "autoencoder": autoencoder,
    "denoising": denoising,
    "sparse": sparse,
    "k_sparse": k_sparse,
    "contractive": contractive,
    "vae": vae,
    "beta_vae": beta_vae,
    "vq_vae": vq_vae,
    "vq_vae_2": vq_vae_2,
    "td_vae": td_vae,
}
RECIPES: dict[str, Recipe] = {recipe.name: recipe for family in FAMILIES.values() for recipe in family.RECIPES}
