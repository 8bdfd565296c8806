"""All recipes by name, and what each family measures."""

from train.recipe import Recipe
from train.recipes import autoencoder, vae

FAMILIES = {"autoencoder": autoencoder, "vae": vae}
RECIPES: dict[str, Recipe] = {recipe.name: recipe for family in FAMILIES.values() for recipe in family.RECIPES}
