"""Speaks the PostgreSQL wire protocol as Redshift does, in front of the warehouse's PostgreSQL."""
