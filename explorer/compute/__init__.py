"""Arithmetic on arrays: nothing here knows of models, visitors or pages."""
