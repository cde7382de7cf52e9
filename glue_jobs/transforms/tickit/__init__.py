"""TICKIT: curated tables to the staged tables of the star."""
