"""How stores stand with their platforms: scores as ledgers, rates with what is behind them, answers by person.

    events    records -> ledgers and snapshots; nothing is copied, the records are the ledger
    board     one line a store: score, distance, what expires, trend, restrictions, violations
    outlook   what is open and may cost points, and the forecast
    rates     our running figure beside the platform's own, misses left, the items behind
    people    who answered buyers, how many, how fast

Reads only. Rights are the set of stores handed in.
"""
