"""COPY, UNLOAD and external tables: rows between S3 and the database."""
