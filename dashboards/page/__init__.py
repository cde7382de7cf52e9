"""The report: dashboards as one self-contained HTML page, without a server and without a network."""
