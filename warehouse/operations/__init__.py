"""Views of the ledger for people and BI tools, in schema `operations`. They belong to no star."""
