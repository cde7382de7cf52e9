"""An environment in an AWS account: planned, deployed, and taken out again."""
