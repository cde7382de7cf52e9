"""A crawler gives columns of text without a header the names that the contract has."""

from __future__ import annotations

import pytest

from aws_services import resources
from aws_services.resources import Classifier
from infra.classifiers import csv_classifier


def test_sales_are_separated_by_tabs_and_named_in_the_order_of_the_file() -> None:
    sales = csv_classifier(resources.TICKIT_CLASSIFIERS["sales"])
    names = "salesid listid sellerid buyerid eventid dateid qtysold pricepaid commission saletime"
    assert sales.header == tuple(names.split())
    assert (sales.delimiter, sales.quote, sales.contains_header) == ("\t", '"', "ABSENT")


def test_other_files_of_tickit_are_separated_by_bars() -> None:
    venues = csv_classifier(resources.TICKIT_CLASSIFIERS["venues"])
    assert venues.header == ("venueid", "venuename", "venuecity", "venuestate", "venueseats")
    assert venues.delimiter == "|"


def test_documents_have_no_columns_to_classify() -> None:
    with pytest.raises(TypeError, match="ticketmaster events is not delimited text"):
        csv_classifier(Classifier("events", "ticketmaster", "events"))


def test_no_crawler_has_two_classifiers_that_fit_the_same_lines() -> None:
    classifiers = map(csv_classifier, resources.CLASSIFIERS)
    shapes = {classifier.name: (classifier.delimiter, len(classifier.header)) for classifier in classifiers}
    for crawler in resources.CRAWLERS:
        assert len({shapes[name] for name in crawler.classifiers}) == len(crawler.classifiers)
