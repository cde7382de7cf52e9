"""The journey inside S3: landing, validating, quarantine, manifests, the run lock."""
