"""What stores like ours sell, and at what prices."""

import random
from dataclasses import dataclass
from decimal import Decimal

from .countries import Country, rounded


@dataclass(slots=True, frozen=True)
class Kind:
    """Something that shops like ours sell: title, price in US dollars, category (a word of ours), and variants."""

    title: str
    dollars: str
    category: str
    axes: tuple[tuple[str, tuple[str, ...]], ...] = ()


COLOURS = ("Colour", ("Sage", "Sand", "Charcoal", "Rose"))
SIZES = ("Size", ("S", "M", "L", "XL"))
PACKS = ("Pack", ("1 pc", "3 pcs", "6 pcs"))

KINDS = (
    Kind("Ceramic Coffee Mug 350 ml with Bamboo Lid", "7.90", "kitchen", (COLOURS,)),
    Kind("Linen Cushion Cover 45 x 45 cm", "5.50", "textiles", (COLOURS,)),
    Kind("Foldable Storage Box with Window", "11.90", "boxes", (("Size", ("30 L", "60 L")),)),
    Kind("Warm White LED Night Light with Motion Sensor", "8.20", "lighting"),
    Kind("Stainless Steel Water Bottle 750 ml", "14.90", "kitchen", (COLOURS, ("Volume", ("500 ml", "750 ml")))),
    Kind("Microfibre Cleaning Cloths", "4.20", "cleaning", (PACKS,)),
    Kind("Silicone Kitchen Spatula Heat Resistant to 230 C", "3.60", "kitchen"),
    Kind("Cotton Oversized T-Shirt", "9.80", "tops", (COLOURS, SIZES)),
    Kind("High Waist Yoga Leggings with Pockets", "16.50", "sportswear", (SIZES,)),
    Kind("Hydrating Hyaluronic Face Serum 30 ml", "12.40", "skincare"),
    Kind("Matte Liquid Lipstick Long Lasting", "6.30", "make-up", (("Shade", ("Brick", "Nude", "Plum")),)),
    Kind("Rosemary Hair Oil 60 ml", "8.90", "skincare"),
    Kind("Wireless Earbuds with Charging Case", "22.00", "phone", (("Colour", ("Black", "White")),)),
    Kind("Fast Charging Cable USB-C 2 m Braided", "4.90", "phone", (PACKS,)),
    Kind("Magnetic Phone Stand for Desk", "9.40", "phone"),
    Kind("Adjustable Pet Harness with Leash", "10.60", "pets", (SIZES,)),
    Kind("Slow Feeder Dog Bowl", "7.20", "pets"),
    Kind("Wooden Building Blocks 60 Pieces", "18.30", "toys"),
    Kind("Water Colour Set 24 Shades with Brush", "6.80", "arts"),
    Kind("Thermal Lunch Bag with Zip", "8.60", "boxes", (COLOURS,)),
)


def price_of(dollars: str, country: Country, rng: random.Random | None = None) -> Decimal:
    """A shelf price: the dollar price at the country's level, up to a tenth off or on when a generator is given."""
    wiggle = Decimal(rng.randint(90, 110)) / 100 if rng else Decimal(1)
    raw = Decimal(dollars) * Decimal(str(country.usd)) * wiggle
    step = Decimal(1000) if country.decimals == 0 else Decimal("0.10")
    return rounded(country, max((raw / step).quantize(Decimal(1)) * step, step))


def choose_kinds(rng: random.Random, count: int) -> list[Kind]:
    """`count` different kinds; the first has variants, the second has none."""
    first = rng.choice([kind for kind in KINDS if kind.axes])
    second = rng.choice([kind for kind in KINDS if not kind.axes])
    rest = [kind for kind in KINDS if kind not in (first, second)]
    return [first, second, *rng.sample(rest, min(len(rest), max(0, count - 2)))]
