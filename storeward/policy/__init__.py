"""What marketplaces demand, as dated data and pure functions. Facts of a store and an instant in, duties and findings out.

    engine      duties(store, facts, now), evaluate(store, facts, now)
    judge       judge(duty, now), next_change_at(obligation, now)
    rules.ship_by  order_obligations(store, orders): the fast path of the sync
    facts       the shapes of what is known; cases: reading them from JSON
    terms       the dated rules; `book()` is all of them
    calendars   working days and holidays; wording: sentences in both languages
    items       the inspection items; fx: rates for amounts on pages

Nothing here knows a clock, a database, the network or a framework.
"""
