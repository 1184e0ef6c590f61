"""Rows of TPC-H's tables at a scale, the same ones each time: the distributions of its specification (version 3, chapter 4.2.3), but
for texts, which are drawn from fewer words."""

import datetime
import itertools
import random

FIRST_DAY = datetime.date(1992, 1, 1)
LAST_ORDER = datetime.date(1998, 12, 31) - datetime.timedelta(days=151)
CURRENT_DAY = datetime.date(1995, 6, 17)

REGIONS = ("AFRICA", "AMERICA", "ASIA", "EUROPE", "MIDDLE EAST")
# A nation's key is its place here; beside it the key of its region.
NATIONS = (
    ("ALGERIA", 0), ("ARGENTINA", 1), ("BRAZIL", 1), ("CANADA", 1), ("EGYPT", 4), ("ETHIOPIA", 0), ("FRANCE", 3), ("GERMANY", 3),
    ("INDIA", 2), ("INDONESIA", 2), ("IRAN", 4), ("IRAQ", 4), ("JAPAN", 2), ("JORDAN", 4), ("KENYA", 0), ("MOROCCO", 0),
    ("MOZAMBIQUE", 0), ("PERU", 1), ("CHINA", 2), ("ROMANIA", 3), ("SAUDI ARABIA", 4), ("VIETNAM", 2), ("RUSSIA", 3),
    ("UNITED KINGDOM", 3), ("UNITED STATES", 1),
)  # fmt: skip
SEGMENTS = ("AUTOMOBILE", "BUILDING", "FURNITURE", "MACHINERY", "HOUSEHOLD")
PRIORITIES = ("1-URGENT", "2-HIGH", "3-MEDIUM", "4-NOT SPECIFIED", "5-LOW")
INSTRUCTIONS = ("DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN")
MODES = ("REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB")
TYPES = (
    ("STANDARD", "SMALL", "MEDIUM", "LARGE", "ECONOMY", "PROMO"),
    ("ANODIZED", "BURNISHED", "PLATED", "POLISHED", "BRUSHED"),
    ("TIN", "NICKEL", "BRASS", "STEEL", "COPPER"),
)
CONTAINERS = (("SM", "LG", "MED", "JUMBO", "WRAP"), ("CASE", "BOX", "BAG", "JAR", "PKG", "PACK", "CAN", "DRUM"))
COLOURS = (
    "almond antique aquamarine azure beige bisque black blue blush brown burlywood chartreuse chocolate coral cream cyan dark dim "
    "dodger drab firebrick floral forest frosted ghost goldenrod green grey honeydew hot indian ivory khaki lace lavender lemon "
    "light lime linen magenta maroon medium metallic midnight mint misty navy olive orange orchid pale papaya peach pink plum "
    "powder puff purple red rose rosy royal saddle salmon sandy seashell sienna sky slate smoke snow spring steel tan thistle "
    "tomato turquoise violet wheat white yellow"
).split()
WORDS = (
    "special pending express regular ironic final even bold silent quick requests packages accounts deposits ideas theodolites "
    "platelets foxes sleep wake haggle nag cajole detect among above beside after carefully quickly slyly furiously"
).split()


class Rows:
    """The rows of each table at a scale (1: six million lines of orders); an iterator each, in the order of the primary key."""

    def __init__(self, scale):
        self.suppliers = int(10_000 * scale)
        self.parts = int(200_000 * scale)
        self.customers = int(150_000 * scale)
        self.orders = int(1_500_000 * scale)

    def table(self, name):
        return getattr(self, f"_{name}")()

    @staticmethod
    def _region():
        chance = random.Random("region")
        for key, name in enumerate(REGIONS):
            yield key, name, _text(chance, 152)

    @staticmethod
    def _nation():
        chance = random.Random("nation")
        for key, (name, region) in enumerate(NATIONS):
            yield key, name, region, _text(chance, 152)

    def _supplier(self):
        chance = random.Random("supplier")
        # Of 10,000 suppliers, five are complained of, and five recommended: one of each here at the least.
        marked = chance.sample(range(1, self.suppliers + 1), 2 * max(1, self.suppliers // 2000))
        complaints, praises = set(marked[::2]), set(marked[1::2])
        for key in range(1, self.suppliers + 1):
            nation = chance.randrange(25)
            comment = _text(chance, 75)
            if key in complaints:
                comment += " Customer slow Complaints"
            if key in praises:
                comment += " Customer fast Recommends"
            yield (key, f"Supplier#{key:09}", _address(chance), nation, _phone(chance, nation), _cents(chance, -99999, 999999), comment)

    def _part(self):
        chance = random.Random("part")
        for key in range(1, self.parts + 1):
            maker = chance.randint(1, 5)
            yield (key, " ".join(chance.sample(COLOURS, 5)), f"Manufacturer#{maker}", f"Brand#{maker}{chance.randint(1, 5)}",
                   " ".join(map(chance.choice, TYPES)), chance.randint(1, 50), " ".join(map(chance.choice, CONTAINERS)),
                   _money(_retail_cents(key)), _text(chance, 23))  # fmt: skip

    def _partsupp(self):
        chance = random.Random("partsupp")
        for part in range(1, self.parts + 1):
            for supplier in sorted({self._supplier_of(part, number) for number in range(4)}):
                yield part, supplier, chance.randint(1, 9999), _cents(chance, 100, 100000), _text(chance, 199)

    def _customer(self):
        chance = random.Random("customer")
        for key in range(1, self.customers + 1):
            nation = chance.randrange(25)
            yield (key, f"Customer#{key:09}", _address(chance), nation, _phone(chance, nation), _cents(chance, -99999, 999999),
                   chance.choice(SEGMENTS), _text(chance, 117))  # fmt: skip

    def _orders(self):
        for order, _ in self._orders_and_lines():
            yield order

    def _lineitem(self):
        return itertools.chain.from_iterable(lines for _, lines in self._orders_and_lines())

    def _orders_and_lines(self):
        chance = random.Random("orders")
        for number in range(self.orders):
            key = number // 8 * 32 + number % 8 + 1  # one in four keys is used
            customer = 3
            while customer % 3 == 0:  # a third of the customers order nothing
                customer = chance.randint(1, self.customers)
            day = FIRST_DAY + datetime.timedelta(days=chance.randint(0, (LAST_ORDER - FIRST_DAY).days))
            lines = [self._line(chance, key, number, day) for number in range(1, chance.randint(1, 7) + 1)]
            states = {line[9] for line in lines}
            total = sum(_total_cents(line) for line in lines)
            order = (key, customer, states.pop() if len(states) == 1 else "P", _money(total), day, chance.choice(PRIORITIES),
                     f"Clerk#{chance.randint(1, max(1, self.suppliers // 10)):09}", 0, _text(chance, 79))  # fmt: skip
            yield order, lines

    def _line(self, chance, order, number, day):
        part = chance.randint(1, self.parts)
        quantity = chance.randint(1, 50)
        shipped = day + datetime.timedelta(days=chance.randint(1, 121))
        committed = day + datetime.timedelta(days=chance.randint(30, 90))
        received = shipped + datetime.timedelta(days=chance.randint(1, 30))
        returned = chance.choice("RA") if received <= CURRENT_DAY else "N"
        return (order, part, self._supplier_of(part, chance.randrange(4)), number, quantity, _money(quantity * _retail_cents(part)),
                f"0.{chance.randint(0, 10):02}", f"0.{chance.randint(0, 8):02}", returned, "O" if shipped > CURRENT_DAY else "F",
                shipped, committed, received, chance.choice(INSTRUCTIONS), chance.choice(MODES), _text(chance, 44))  # fmt: skip

    def _supplier_of(self, part, number):
        """One of the four suppliers that a part has."""
        return (part + number * (self.suppliers // 4 + (part - 1) // self.suppliers)) % self.suppliers + 1


def _retail_cents(part):
    return 90000 + part // 10 % 20001 + 100 * (part % 1000)


def _total_cents(line):
    price, discount, tax = (int(line[at].replace(".", "")) for at in (5, 6, 7))
    return round(price * (100 - discount) * (100 + tax) / 10000)


def _money(cents):
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def _cents(chance, least, most):
    return _money(chance.randint(least, most))


def _text(chance, width):
    """Words of at most so many characters in all, and of two fifths of that at least."""
    words = " ".join(chance.choices(WORDS, k=width // 4))
    return words[: chance.randint(2 * width // 5, width)].rstrip()


def _address(chance):
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,", k=chance.randint(10, 40))).strip() or "x"


def _phone(chance, nation):
    return f"{nation + 10}-{chance.randint(100, 999)}-{chance.randint(100, 999)}-{chance.randint(1000, 9999)}"
