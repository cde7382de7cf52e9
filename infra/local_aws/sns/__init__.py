"""SNS whose messages are files that a person can read."""
