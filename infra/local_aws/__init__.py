"""The local AWS: moto's server with the muscles it lacks, for any boto3 program and no account.

S3 keeps its objects as plain files, Glue jobs really run, crawlers really crawl, the Redshift Data API really
executes. Everything else is moto as it is. One process, one URL, on 127.0.0.1 unless told otherwise.
"""

from .process import LocalAws

__all__ = ["LocalAws"]
