"""The AWS resources that the pipelines need in an account, as a CDK app with one stack per environment.

Names, sizes and job definitions come from `aws_services/resources.py`, which the local AWS reads too. The differences
between environments are in `environments.py`. `python -m infra.aws --env dev --write` writes the template next to the
code, so that you can read, review and check it without an account.

The app is built and checked in its own virtual environment (`requirements-cdk.txt`, which includes Node.js), without
account or network. `./boxoffice test` creates this environment and runs there:

    pytest tests/infra/aws --confcutdir tests/infra/aws
"""
