"""The contracts: raw records, curated rows, and the meaning of every field."""
