"""Superset's settings, which it reads from the module of this name. They keep its log of events out of its database."""

from superset.utils.log import StdOutEventLogger

SECRET_KEY = "only for this test"
EVENT_LOGGER = StdOutEventLogger()
