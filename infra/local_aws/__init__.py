"""The local AWS: moto's server with extensions, for any boto3 program, without an account.

S3 stores its objects as plain files, Glue jobs and crawlers run, and the Redshift Data API executes SQL. Everything
else is moto unchanged. It is one process with one URL, by default on 127.0.0.1.
"""

from .process import LocalAws

__all__ = ["LocalAws"]
