"""Translates Redshift SQL to PostgreSQL's. It needs no database."""
