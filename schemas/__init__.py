"""The contracts: raw records, curated rows, and what every field means."""
