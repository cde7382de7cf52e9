"""S3 with its objects as plain files."""
