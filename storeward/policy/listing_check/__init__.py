"""One listing looked through before a platform does: what its words say, what is missing, whose name it uses, what it costs.

    text       texts as a reader sees them, folded for searching, every character still where it was
    phrases    forbidden words as dated data (data/*.toml), found with the words that caused the hit
    shapes     what is given (Goods, Right, Limits) and what is answered (Problem, Outcome)
    parts      what a platform demands of a listing, as data
    price      below cost, below its own usual price
    check      check(goods, ...) -> Outcome: all of it

Pure: values in, values out. Which rule a form breaks in a store, and what becomes of it, is decided by whoever asks.
"""
