"""tickit_load: loads the changed files of the TICKIT sample business into a checked star."""

from __future__ import annotations

from airflow.sdk import DAG

from aws_services import resources
from dags.file_source import file_source

DOC = """
Loads the seven files of TICKIT, a ticket resale of the year 2008: users, venues, categories, dates, events, listings
and sales. Names, e-mail addresses and phone numbers stay in `tickit.user_contacts`; no product shows them.
"""

tickit_load: DAG = file_source(
    resources.TICKIT,
    fact="fact_sales",
    schedule="0 3 * * *",
    description="TICKIT's flat files -> raw -> curated -> star schema in Redshift",
    doc_md=DOC,
)
