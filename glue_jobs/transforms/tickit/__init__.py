"""Transforms of TICKIT's curated tables to the staged tables of the star."""
