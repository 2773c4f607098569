"""Replay: a version of the rules over the team's own history, beside what is in force. Reads only.

    run        replay(workspace, before, after, rules, now): which stores, orders, money and points, per day
    orders     every order of the window under both books, in one pass
    things     questions of buyers, requests, violations: whatever has a clock of its own
    days       what is measured: each store at the end of each of its days
    tell       the answer as JSON and as a table

docs/decisions/replay.md says what a replay can know, and what it cannot.
"""
