"""Embedded PostgreSQL: the location of its files, and the preparation of a cluster before its server starts."""
