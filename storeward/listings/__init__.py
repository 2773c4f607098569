"""Listings looked through: what was found of each, and what a team has on file to judge by.

    register   rights to brands, costs of SKUs, the team's own figures: add_right, end_right, take_costs, set_limits, register_of
    sheets     the same from CSV, with what could not be read
    looking    look(cursor, keys, ...): listings that changed, judged and written in bulk
    queries    what is wrong, for pages and commands

What becomes of it (findings) is the business of `storeward.findings.listings`.
"""
