"""Every listing of a fleet looked through: all of it, and then only what has changed.

    bin/bench listings [--listings N] [--stores N]

Budget: a full pass of 100,000 listings in at most 60 s of one core, compared with a bare pass (read the texts, and try every
phrase on each with `in`). Some listings are planted with one of each form, and exactly those must be found.
"""

import argparse
import sys

from bench.installation import django_ready
from bench.report import Report

SECONDS_PER_100_000 = 60.0


def main(options: argparse.Namespace) -> int:
    report = Report(f"listings: {options.listings} listings in {options.stores} stores")
    with django_ready():
        from bench import listings_product  # needs Django

        planted = listings_product.prepare(stores=options.stores, listings=options.listings)
        bare = listings_product.bare_pass()
        full = listings_product.full_pass()
        again = listings_product.full_pass(other_register=True)
        idle = listings_product.idle_pass()
        one = listings_product.changed_pass(share=100)
        found = listings_product.findings()
    share = options.listings / 100_000
    report.figure("bare pass: read the texts, try each phrase", bare.seconds, "s")
    report.budget("full pass with findings, own CPU", full.own_cpu, SECONDS_PER_100_000 * share, "s", at_most=True)
    report.figure("    by the clock, the database's work included", full.seconds, "s")
    report.figure("    of the bare pass", full.seconds / bare.seconds, "times")
    report.figure("    listings a second", options.listings / full.seconds, "listings/s")
    report.figure("the same after a change of the register", again.seconds, "s")
    report.figure("nothing changed", idle.seconds * 1000, "ms")
    report.figure(f"{one.listings} listings changed", one.seconds * 1000, "ms")
    report.figure("planted and found", len(found & planted), "findings")
    if found != planted:
        print(f"  planted and not found: {sorted(planted - found)[:3]}; found and not planted: {sorted(found - planted)[:3]}")
        report.missed.append("exactly the planted listings")
    return report.done()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--listings", type=int, default=100_000)
    parser.add_argument("--stores", type=int, default=1_000)
    sys.exit(main(parser.parse_args()))
