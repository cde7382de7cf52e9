"""The local Redshift, held to what Redshift answers and to what it refuses."""
