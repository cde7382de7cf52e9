"""The Redshift Data API: requests, statements and their results."""
