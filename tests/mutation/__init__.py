"""Mutation testing: small errors put into a copy of the code, to see whether the nearest tests notice them."""
