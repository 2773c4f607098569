"""The parts of a store's life, in the order in which they hear of its moments. Importing them registers every operation."""

from . import places, stockroom, buying, notices, standing, orders_api, fulfillment, trace, papers  # isort: skip

PARTS = (places, stockroom, buying, notices, standing, orders_api, fulfillment, trace, papers)
