"""Figures by which models are judged."""
