"""Reads countries out of a MaxMind DB file, so that answers can be judged without any of the servers."""
import ipaddress

MARKER = b"\xab\xcd\xefMaxMind.com"


class Database:
    def __init__(self, path):
        with open(path, "rb") as file:
            self.octets = file.read()
        begin = self.octets.rindex(MARKER) + len(MARKER)
        metadata = self._value(begin, begin)[0]
        self.nodes, self.bits = metadata["node_count"], metadata["record_size"]
        self.version = metadata["ip_version"]
        self.data = self.nodes * self.bits // 4 + 16

    def country(self, address):
        """(continent, country, length of the prefix that has it); continents are missing in some files."""
        record, length = self._find(ipaddress.ip_address(address))
        if "country_code" in record:
            return None, record["country_code"], length
        return record.get("continent", {}).get("code"), record.get("country", {}).get("iso_code"), length

    def _find(self, address):
        padding = 96 if self.version == 6 and address.version == 4 else 0
        length = 128 if padding else address.max_prefixlen
        node = 0
        for depth in range(length):
            node = self._child(node, int(address) >> (length - 1 - depth) & 1)
            if node >= self.nodes:
                break
        if node <= self.nodes:
            return {}, depth + 1 - padding
        return self._value(self.data + node - self.nodes - 16, self.data)[0], depth + 1 - padding

    def _child(self, node, right):
        at, size = node * self.bits // 4, self.bits // 8
        if self.bits == 28:
            middle = self.octets[at + 3]
            high = middle & 15 if right else middle >> 4
            return high << 24 | int.from_bytes(self.octets[at + 4 * right:at + 4 * right + 3], "big")
        return int.from_bytes(self.octets[at + size * right:at + size * (right + 1)], "big")

    def _value(self, at, base):
        """The value at an offset, and where the next one begins. Pointers count from `base`."""
        control = self.octets[at]
        kind, at = control >> 5, at + 1
        if kind == 1:
            size = (control >> 3 & 3) + 1
            high = (control & 7) << 8 * size if size < 4 else 0
            target = (0, 2048, 526336, 0)[size - 1] + high + int.from_bytes(self.octets[at:at + size], "big")
            return self._value(base + target, base)[0], at + size
        if kind == 0:
            kind, at = 7 + self.octets[at], at + 1
        size = control & 31
        if size > 28:
            extra = size - 28
            size = (29, 285, 65821)[extra - 1] + int.from_bytes(self.octets[at:at + extra], "big")
            at += extra
        if kind == 7:
            return self._map(at, size, base)
        if kind == 11:
            return self._list(at, size, base)
        if kind == 14:
            return bool(size), at
        raw = self.octets[at:at + size]
        if kind == 2:
            return raw.decode(), at + size
        return (int.from_bytes(raw, "big") if kind in (5, 6, 9, 10) else raw), at + size

    def _map(self, at, size, base):
        found = {}
        for _ in range(size):
            key, at = self._value(at, base)
            found[key], at = self._value(at, base)
        return found, at

    def _list(self, at, size, base):
        found = []
        for _ in range(size):
            value, at = self._value(at, base)
            found.append(value)
        return found, at
