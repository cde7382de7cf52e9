"""Redshift: migrations, procedures, data products and quality rules, and the code that applies them."""
