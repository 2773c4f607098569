"""How a store stands with its platform, as ledgers: every past day's score is rebuilt from the events that made it.

    regimes     which way of counting holds for a store on a day, with its lines: all of it from the dated terms
    points      points counted upwards, gone by age or with the quarter
    rating      a rating counted downwards from where it starts, over a window
    snapshots   what a person typed or a platform told, against what the events explain
    forecast    where the score will be: a band, by exact convolution over what may happen
    rates       shares over a window: the official formula, how many misses are left, the chance that a limit breaks

The two ways of counting are never converted into one another: `Points` and `Rating` are types of their own that neither add nor
compare. Nothing here knows a database or a clock.
"""
