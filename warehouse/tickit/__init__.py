"""The star of a ticket resale: one row per sale, one per listing, and who, where, what and when."""

from warehouse.stars import Star

STAR = Star(
    name="tickit",
    pipeline="tickit_load",
    staged=(
        "tickit_users",
        "tickit_user_contacts",
        "tickit_venues",
        "tickit_categories",
        "tickit_dates",
        "tickit_events",
        "tickit_listings",
        "tickit_sales",
    ),
    merge=(),
    tables=(
        "fact_sales",
        "fact_listings",
        "dim_user",
        "dim_venue",
        "dim_category",
        "dim_event",
        "user_contacts",
        "source_dates",
    ),
)
