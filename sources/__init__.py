"""Getting bytes out of a source; knows nothing of S3 or Redshift."""
