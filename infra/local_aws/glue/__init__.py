"""Glue: jobs run on Spark; crawlers read the files and write the catalog."""
