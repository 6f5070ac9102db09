"""The zones that are compared, and what is asked of them: always the same, for the same database."""
import ipaddress
import json
import random
import struct

ZONE = "bench.example"
SERIAL = 2026010100
NOERROR, NXDOMAIN = 0, 3
CODES = {"A": 1, "SOA": 6, "MX": 15, "TXT": 16, "AAAA": 28, "SRV": 33}

# Steered by the geo workload: name, addresses.
EDGES = {"virginia": ("192.0.2.10", "2001:db8:0:1::10"), "dublin": ("192.0.2.20", "2001:db8:0:2::20"),
         "mumbai": ("192.0.2.30", "2001:db8:0:3::30"), "singapore": ("192.0.2.40", "2001:db8:0:4::40")}
DEFAULT_EDGE = "virginia"
CONTINENTS = {"NA": "virginia", "SA": "virginia", "EU": "dublin", "AF": "dublin", "AS": "singapore", "OC": "singapore"}
# Of another edge than their continent, or asked for where the database knows no continents.
COUNTRIES = {("AS", "IN"): "mumbai", ("AS", "PK"): "mumbai", ("AS", "BD"): "mumbai", ("AS", "AE"): "mumbai",
             ("AS", "SA"): "mumbai", ("AS", "IL"): "dublin", ("AS", "TR"): "dublin", ("AF", "ZA"): "mumbai",
             ("AF", "KE"): "mumbai", ("NA", "US"): "virginia", ("EU", "DE"): "dublin", ("AS", "CN"): "singapore",
             ("AS", "JP"): "singapore"}


class Workload:
    """Rows of a zone (owner, type, value), and a file of queries for versus_load (questions.hpp says how)."""

    def __init__(self, folder, name):
        self.name, self.rows, self.asked = name, [], []
        self.steered = False  # has a name that is answered by the client's place
        self.limited = False  # the servers that have a rate limit shall use it, on loopback too
        self.folder = folder / name
        self.folder.mkdir()
        self.queries = self.folder / "queries"
        self.master, self.json = self.folder / f"{ZONE}.zone", self.folder / f"{ZONE}.json"

    def add(self, owner, kind, value):
        self.rows.append((owner, kind, value))

    def ask(self, owner, kind, rcode=NOERROR, answers=True, address=None, subnet=None):
        wanted = b"" if address is None else ipaddress.ip_address(address).packed
        packet = query(owner, kind, subnet)
        self.asked.append(struct.pack(">HBBB", len(packet), rcode, answers, len(wanted)) + wanted + packet)

    def write(self):
        self.queries.write_bytes(b"".join(self.asked))
        self.write_zone(SERIAL)

    def write_zone(self, serial):
        """Each file is replaced in one step, as somebody would who has a server read it meanwhile."""
        for path, text in ((self.master, self._master_text(serial)), (self.json, self._json_text(serial))):
            new = path.with_suffix(".new")
            new.write_text(text)
            new.replace(path)

    def _master_text(self, serial):
        head = (f"$ORIGIN {ZONE}.\n$TTL 3600\n@ SOA ns1 hostmaster {serial} 7200 900 1209600 300\n"
                "@ NS ns1\n@ NS ns2\nns1 A 192.0.2.1\nns2 A 192.0.2.2\n")
        quoted = ((owner, kind, f'"{value}"' if kind == "TXT" else value) for owner, kind, value in self.rows)
        return head + "".join(f"{owner} {kind} {value}\n" for owner, kind, value in quoted)

    def _json_text(self, serial):
        records = {}
        for owner, kind, value in self.rows:
            values = records.setdefault(owner, {})
            if kind == "CNAME":
                values[kind] = value
            else:
                values.setdefault(kind, []).append(value)
        zone = {"zone": ZONE, "ttl": 3600, "soa": {"serial": serial, "negative_ttl": 300},
                "nameservers": {"ns1": ["192.0.2.1"], "ns2": ["192.0.2.2"]}, "records": records}
        if self.steered:
            geo = {"*": DEFAULT_EDGE, **{f"continent:{code}": edge for code, edge in CONTINENTS.items()}}
            geo.update({f"country:{country}": edge for (_, country), edge in COUNTRIES.items()})
            zone["edges"] = {name: {"addresses": list(addresses)} for name, addresses in EDGES.items()}
            records["app"] = {"steer": {"geo": geo}}
        return json.dumps(zone)


def query(owner, kind, subnet=None):
    """A query for a name of the zone; with a client subnet (RFC 7871) when there is one."""
    labels = (ZONE if owner == "@" else f"{owner}.{ZONE}").split(".")
    name = b"".join(bytes([len(label)]) + label.encode() for label in labels) + b"\0"
    packet = struct.pack(">HHHHHH", 0, 0, 1, 0, 0, subnet is not None) + name + struct.pack(">HH", CODES[kind], 1)
    if subnet is None:
        return packet
    network = ipaddress.ip_network(subnet)
    prefix = network.network_address.packed[:(network.prefixlen + 7) // 8]
    option = struct.pack(">HBB", 1 if network.version == 4 else 2, network.prefixlen, 0) + prefix
    return packet + b"\0" + struct.pack(">HHIHHH", 41, 1232, 0, len(option) + 4, 8, len(option)) + option


def static(folder, name="static"):
    """A thousand names of mixed types, a wildcard, aliases, and what is not there."""
    work, dice = Workload(folder, name), random.Random(1)
    work.add("mail", "A", "192.0.2.25")
    work.add("*.any", "A", "192.0.2.99")
    for i in range(1000):
        host = dice.choice(["www", "app", "db", "cache", "node"]) + str(i)
        if i % 5 == 4:
            host += dice.choice([".eu", ".us"])
        v4, v6 = f"198.51.{100 + i // 250}.{i % 250 + 1}", f"2001:db8:1::{i + 1:x}"
        for kind, value in (("A", v4), ("AAAA", v6), ("TXT", f"host {i}"), ("MX", "10 mail")):
            work.add(host, kind, value)
        work.add(f"alias{i}", "CNAME", host)
        for _ in range(9):
            work.ask(host, "A", address=v4)
        for _ in range(4):
            work.ask(host, "AAAA", address=v6)
        work.ask(host, "TXT")
        work.ask(host, "MX")
        work.ask(f"alias{i}", "A")  # gdnsd answers the CNAME alone, the others follow it
        work.ask(f"x{dice.randrange(10 ** 6)}.any", "A", address="192.0.2.99")
        work.ask(f"no{dice.randrange(10 ** 6)}", "A", rcode=NXDOMAIN, answers=False)
        work.ask(f"no{dice.randrange(10 ** 6)}", "AAAA", rcode=NXDOMAIN, answers=False)
        work.ask(host, "SRV", answers=False)
    dice.shuffle(work.asked)
    work.write()
    return work


def edge_of(continent, country):
    return COUNTRIES.get((continent, country)) or CONTINENTS.get(continent, DEFAULT_EDGE)


def geo(folder, database, count=20000):
    """One steered name, asked with client subnets. Without continents, of the listed countries alone."""
    work, dice = Workload(folder, "geo"), random.Random(2)
    work.steered = True
    listed = {country: edge for (_, country), edge in COUNTRIES.items()}
    while len(work.asked) < count:
        if dice.random() < 0.85:
            subnet = f"{dice.randrange(1, 224)}.{dice.randrange(256)}.{dice.randrange(256)}.0/24"
        else:
            # 2001 and 2002 have IPv4 addresses inside (Teredo, 6to4), by which some servers go.
            subnet = f"{0x2400 + dice.randrange(0x700):x}:{dice.randrange(65536):x}:{dice.randrange(65536):x}::/48"
        address, length = subnet.split("/")
        continent, country, found = database.country(address)
        edge = edge_of(continent, country) if continent else listed.get(country)
        if not country or not edge or found > int(length):
            continue
        kind = dice.choice(["A", "A", "AAAA"])
        work.ask("app", kind, address=EDGES[edge][kind == "AAAA"], subnet=subnet)
    work.write()
    return work


def million(folder, name="million"):
    """A million names with an address each; 200,000 of them are asked for."""
    work = Workload(folder, name)
    rows = [(f"host{i * 2654435761 % 2 ** 32:08x}", f"10.{i >> 16}.{i >> 8 & 255}.{i & 255}") for i in range(10 ** 6)]
    work.rows = [(owner, "A", address) for owner, address in rows]
    for owner, address in random.Random(3).sample(rows, 200_000):
        work.ask(owner, "A", address=address)
    work.write()
    return work


def floods(folder):
    """A thousand names that are there. With it, by name: (file of datagrams as in flood.hpp, their sources)."""
    work, dice = Workload(folder, "floods"), random.Random(4)
    work.limited = True
    work.add("*.any", "A", "192.0.2.99")
    for i in range(1000):
        address = f"198.51.{100 + i // 250}.{i % 250 + 1}"
        work.add(f"host{i}", "A", address)
        work.ask(f"host{i}", "A", address=address)
    work.write()
    everywhere, one_network = "127.0.0.0/8", "127.7.7.0/24"
    kinds = {
        "names that do not exist": (everywhere, [query(random_label(dice), "A") for _ in range(65536)]),
        "names of a wildcard": (everywhere, [query(f"{random_label(dice)}.any", "A") for _ in range(65536)]),
        "malformed": (everywhere, [malformed(dice) for _ in range(65536)]),
        "one spoofed network": (one_network, [query("host1", "A")]),
    }
    found = {}
    for number, (name, (sources, datagrams)) in enumerate(kinds.items()):
        path = work.folder / f"flood-{number}"
        path.write_bytes(b"".join(struct.pack(">H", len(datagram)) + datagram for datagram in datagrams))
        found[name] = path, sources
    return work, found


def random_label(dice):
    return f"x{dice.randrange(16 ** 10):010x}"


def malformed(dice):
    """A datagram that is no good query, of one of a dozen kinds."""
    def message(rest, questions=1, additional=0, flags=0):
        return struct.pack(">HHHHHH", dice.randrange(65536), flags, questions, 0, 0, additional) + rest

    def opt(length, rdata=b""):
        return b"\0" + struct.pack(">HHIH", 41, 1232, 0, length) + rdata

    good = query(random_label(dice), "A")[12:]
    return dice.choice([
        lambda: dice.randbytes(dice.randrange(12)),
        lambda: dice.randbytes(dice.randrange(12, 200)),
        lambda: message(good, flags=0x8400),  # a response
        lambda: message(good, flags=0x7800),  # of no known opcode
        lambda: message(good[:20]),  # a name that runs out
        lambda: message(good[:-3]),  # no whole type
        lambda: message(b"\xc0\x0c\0\1\0\1"),  # a pointer to itself
        lambda: message(b"\x41" + good),  # no such kind of label
        lambda: message(b"\x01a" * 150 + good),  # a name that is too long
        lambda: message(good + good, questions=2),
        lambda: message(good + opt(0) + opt(0), additional=2),
        lambda: message(good + opt(500), additional=1),  # longer than the datagram
        lambda: message(good + opt(8, struct.pack(">HHHBB", 8, 4, 1, 99, 0)), additional=1),  # 99 bits of IPv4
    ])()
