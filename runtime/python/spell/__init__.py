"""Spell: serve a predictor as a realtime endpoint. What predictors import is `spell.serving`."""
