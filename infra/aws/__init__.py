"""Everything that the pipelines need in an AWS account, as a CDK app: one stack per environment.

Names, sizes and job definitions come from `aws_services/resources.py`, which the local AWS reads too; in what the
environments differ stands in `environments.py`. `python -m infra.aws --env dev --write` writes the template that is
kept beside the code, to be read, reviewed and checked without an account.

It is built and checked in an environment of its own (`requirements-cdk.txt`, Node.js among it), without account or
network; `./boxoffice test` makes it and runs there:

    pytest tests/infra/aws --confcutdir tests/infra/aws
"""
