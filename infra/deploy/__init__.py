"""Plans, deploys and destroys an environment in an AWS account."""
