"""PySpark: curated tables to staged star tables to Redshift."""
