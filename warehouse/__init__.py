"""Redshift: migrations, procedures, data products, quality rules, and what applies them."""
