"""Transforms of Ticketmaster's curated tables to the staged tables of the star."""
