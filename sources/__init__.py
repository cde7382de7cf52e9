"""Fetches bytes from sources. Knows neither S3 nor Redshift."""
