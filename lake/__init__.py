"""The steps of a run inside S3: landing, validating, quarantine, manifests, the run lock."""
