"""The quality rules of the resale's star that have a common shape; `quality/` has the others."""

from warehouse import rules
from warehouse.standard import FEW_REJECTED, FEW_REPEATED

RULES = (
    # The run
    rules.books_balance(
        entities=7,
        compares=("fetched", "validated"),
        description="Per raw entity: raw = curated + quarantined + duplicate; each different record landed is "
        "curated or quarantined; what the files hold, as counted where they are cut, is what "
        "validation read, or is named as residual; the books of all seven exist.",
    ),
    rules.records_complete(
        "records_complete",
        description="Completeness: of the records that the files hold, none is missing, and how many is known.",
    ),
    FEW_REJECTED,
    FEW_REPEATED,
    rules.all_staged(
        "members_all_staged",
        "users user_contacts venues categories dates events",
        description="Every curated user, contact, venue, category, date and event is staged, and nothing else.",
    ),
    rules.all_staged(
        "listings_all_staged", "listings", description="Every curated listing is staged, and nothing else."
    ),
    rules.all_staged("sales_all_staged", "sales", description="Every curated sale is staged, and nothing else."),
    rules.tables_present("sales"),
    rules.observed_on_business_date("sales"),
    rules.row_count_drop("sales", without="user_contacts"),
    # Users, venues, categories, dates and events
    rules.unique("user_keys_unique", "users.user_id"),
    rules.unique("user_contact_keys_unique", "user_contacts.user_id"),
    rules.unique("venue_keys_unique", "venues.venue_id"),
    rules.unique(
        "venue_names_unique",
        "venues.name",
        is_nullable=True,
        severity="LOW",
        max_failed_share=0.01,
        description="Venues that share a name are few: one does, an opera house.",
    ),
    rules.no_row_where(
        "venue_country_known",
        "venues",
        "state IS NOT NULL AND country IS NULL",
        severity="MEDIUM",
        description="The state of a venue is one of the US or of Canada, so that its country is known.",
    ),
    rules.present(
        "venue_seats_known",
        "venues.seats",
        severity="LOW",
        max_failed_share=0.75,
        description="The seats of some venues are known; those of 145 are not, and are counted.",
    ),
    rules.unique("category_keys_unique", "categories.category_id"),
    rules.unique("date_keys_unique", "dates.date_id"),
    rules.unique("event_keys_unique", "events.event_id"),
    rules.known(
        "event_category_known", "events.category_id", "categories", description="The category of an event is staged."
    ),
    rules.known(
        "event_venue_known",
        "events.venue_id",
        "venues",
        max_failed_share=0.02,
        description="The venue of an event is staged; the 139 events at venues 12, 51 and 64, which are not, are "
        "counted, and their sales kept.",
    ),
    rules.no_row_where(
        "event_day_as_sent",
        "events",
        "is_day_corrected",
        severity="LOW",
        max_failed_share=0.1,
        description="The day in an event's start is the day of the event; the 703 of May 2008 that say the first "
        "of it are counted, and corrected.",
    ),
    # Listings
    rules.unique("listing_keys_unique", "listings.listing_id"),
    rules.known(
        "listing_event_known",
        "listings.event_id",
        "events",
        max_failed_share=0.01,
        description="The event of a listing is staged; listings of events that are not are few.",
    ),
    rules.known(
        "listing_seller_known",
        "listings.seller_id",
        "users",
        key="user_id",
        max_failed_share=0.01,
        description="The seller of a listing is staged; listings of users who are not are few.",
    ),
    rules.no_row_where(
        "listing_amounts_positive",
        "listings",
        "ticket_count < 1 OR price_per_ticket < 0 OR total_price < 0",
        description="A listing is of at least one ticket, and no money is negative.",
    ),
    rules.no_row_where(
        "listing_day_agrees",
        "listings",
        "COALESCE(CAST(listed_at AS DATE) <> listing_date, TRUE)",
        severity="MEDIUM",
        max_failed_share=0.001,
        description="The day of a listing is that of its time, and both are there.",
    ),
    rules.no_row_where(
        "listing_total_price",
        "listings",
        "total_price <> ticket_count * price_per_ticket",
        description="The total of a listing is its tickets times the price of one, to the cent.",
    ),
    # Sales
    rules.unique("sale_keys_unique", "sales.sale_id"),
    rules.known(
        "sale_event_known",
        "sales.event_id",
        "events",
        max_failed_share=0.01,
        description="The event of a sale is staged; sales of events that are not are few.",
    ),
    rules.known("sale_listing_known", "sales.listing_id", "listings", description="The listing of a sale is staged."),
    rules.known(
        "sale_users_known",
        "sales.seller_id buyer_id",
        "users",
        key="user_id",
        max_failed_share=0.01,
        description="Seller and buyer of a sale are staged; sales of users who are not are few.",
    ),
    rules.no_row_where(
        "sale_amounts_positive",
        "sales",
        "quantity_sold < 1 OR price_paid < 0 OR commission < 0",
        description="A sale is of at least one ticket, and no money is negative.",
    ),
    rules.no_row_where(
        "sale_buyer_is_not_seller",
        "sales",
        "buyer_id = seller_id",
        severity="LOW",
        max_failed_share=0.001,
        description="Users who buy from themselves are few.",
    ),
    rules.no_row_where(
        "sale_commission_rate",
        "sales",
        "ABS(commission - price_paid * 0.15) > 0.005",
        description="The commission is 15 % of the price paid, rounded to the cent.",
    ),
    rules.no_row_where(
        "sale_day_agrees",
        "sales",
        "COALESCE(CAST(sold_at AS DATE) <> sale_date, TRUE)",
        severity="MEDIUM",
        max_failed_share=0.001,
        description="The day of a sale is that of its time, and both are there.",
    ),
    rules.no_row_where(
        "sale_before_event",
        "sales",
        "sales.sale_date > events.event_date",
        joined="events.event_id",
        severity="LOW",
        max_failed_share=0.01,
        description="Tickets that are sold after the day of their event are few.",
    ),
    rules.no_row_where(
        "sale_price_as_listed",
        "sales",
        "sales.price_paid <> sales.quantity_sold * listings.price_per_ticket",
        joined="listings.listing_id",
        description="The price paid is the tickets sold times the listing's price of one, to the cent.",
    ),
    rules.no_row_where(
        "sale_within_listing",
        "sales",
        "sales.event_id <> listings.event_id OR sales.seller_id <> listings.seller_id "
        "OR sales.sold_at < listings.listed_at",
        joined="listings.listing_id",
        description="A sale has the event and the seller of its listing, and is not before it.",
    ),
    # The star
    rules.star_books_balance(),
    rules.unknown_members_present("dim_venue"),
    rules.dimensions_no_fan_out(
        "dim_user",
        description="No key and no number is in a dimension twice, so that joining one counts no sale twice.",
    ),
    rules.as_staged(
        "members_as_staged",
        "dim_user",
        tables="dim_user user_contacts dim_venue dim_category dim_event source_dates",
        description="Users and their contacts, venues, categories, events and dates of the star are those that "
        "the run staged: none lost, none left over, none changed. A day before the newest published "
        "leaves the star as it was.",
    ),
    rules.as_carried(
        "fact_listings_as_event",
        "fact_listings",
        description="A listing has the venue, the category and the day of its event, also when only the event changed.",
    ),
    rules.same_sums(
        "fact_listings_as_staged",
        "fact_listings",
        "ticket_count price_per_ticket total_price listing_id event_id seller_id listing_date_key",
    ),
    rules.keys_resolve(
        "fact_listings_keys_resolve",
        "fact_listings",
        description="Every key of a listing is that of the member whose number the listing names, and 0 only "
        "where there is none; its days are in the calendar.",
    ),
    rules.one_row_per("fact_listings_one_row_per_listing", "fact_listings", ["listing_id + 0"]),
    rules.as_carried(
        "fact_sales_as_event",
        "fact_sales",
        description="A sale has the venue, the category and the day of its event, also when only the event changed.",
    ),
    rules.same_sums(
        "fact_sales_as_staged",
        "fact_sales",
        "quantity_sold price_paid commission sale_id listing_id event_id seller_id buyer_id sale_date_key",
    ),
    rules.keys_resolve(
        "fact_sales_keys_resolve",
        "fact_sales",
        description="Every key of a sale is that of the member whose number the sale names, and 0 only where "
        "there is none; its days are in the calendar.",
    ),
    rules.one_row_per("fact_sales_one_row_per_sale", "fact_sales", ["sale_id + 0"]),
)
