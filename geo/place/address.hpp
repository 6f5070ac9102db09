// SPDX-License-Identifier: Apache-2.0
#pragma once
// IP addresses and prefixes as numbers. The bits of an address are left-aligned in 128 bits, so
// both families are walked alike: bit 0 is the first bit on the wire, and a prefix of n bits is the
// n uppermost.

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace geo {

__extension__ using Bits = unsigned __int128;

enum class Family : std::uint8_t { V4, V6 };

/// 32 or 128.
[[nodiscard]] constexpr unsigned width(Family family) noexcept {
    return family == Family::V4 ? 32 : 128;
}

struct Address {
    Family family = Family::V4;
    Bits bits = 0;

    bool operator==(const Address&) const = default;

    /// Returns bit `index`, counted from the left: 0 or 1.
    [[nodiscard]] constexpr unsigned bit(unsigned index) const noexcept {
        return static_cast<unsigned>(bits >> (127 - index)) & 1;
    }
};

/// Returns a mask with the first `length` bits set and the rest clear.
[[nodiscard]] constexpr Bits mask(unsigned length) noexcept {
    return length == 0 ? Bits{0} : ~Bits{0} << (128 - length);
}

/// Returns how many bits come before the first set bit; 128 when none is set.
[[nodiscard]] constexpr unsigned leading_zeros(Bits bits) noexcept {
    const auto upper = static_cast<std::uint64_t>(bits >> 64);
    return static_cast<unsigned>(upper != 0
                                     ? std::countl_zero(upper)
                                     : 64 + std::countl_zero(static_cast<std::uint64_t>(bits)));
}

/// A network. All bits after the first `length` are zero.
struct Prefix {
    Address address;
    std::uint8_t length = 0;

    bool operator==(const Prefix&) const = default;

    [[nodiscard]] constexpr bool contains(const Address& other) const noexcept {
        return other.family == address.family && leading_zeros(other.bits ^ address.bits) >= length;
    }
};

/// Returns the prefix of this length that holds the address.
[[nodiscard]] constexpr Prefix prefix_around(const Address& address, unsigned length) noexcept {
    return {{address.family, address.bits & mask(length)}, static_cast<std::uint8_t>(length)};
}

/// The two prefixes that are one bit longer. `prefix` must be shorter than its family's width.
struct PrefixHalves {
    Prefix zero;
    Prefix one;
};
[[nodiscard]] constexpr PrefixHalves halves_of(const Prefix& prefix) noexcept {
    const auto length = static_cast<std::uint8_t>(prefix.length + 1);
    const auto& [family, bits] = prefix.address;
    return {{{family, bits}, length}, {{family, bits | Bits{1} << (128 - length)}, length}};
}

/// Makes an address of 4 or 16 octets in network order. Octets missing at the end count as zero.
[[nodiscard]] Address address_from(Family family, std::span<const std::uint8_t> octets) noexcept;
/// Writes the first `to.size()` octets of the address in network order.
void write_octets(const Address& address, std::span<std::uint8_t> to) noexcept;

[[nodiscard]] std::optional<Address> read_address(std::string_view text);
/// Reads "192.0.2.0/24" or "2001:db8::/32"; an address alone is a prefix of full length. Returns
/// nothing for any other text, and when bits after the length are set.
[[nodiscard]] std::optional<Prefix> read_prefix(std::string_view text);

[[nodiscard]] std::string to_text(const Address& address);
[[nodiscard]] std::string to_text(const Prefix& prefix);

/// The IPv4 client that an IPv6 address carries, and how many bits of the IPv6 address come before
/// it.
struct EmbeddedV4 {
    Address client;
    std::uint8_t offset = 0;
};

/// Finds the client in mapped addresses (RFC 4291 §2.5.5.2), NAT64 (RFC 6052 §2.1, well-known
/// prefix), 6to4 (RFC 3056 §2) and Teredo (RFC 4380 §4, inverted). All four keep prefixes: the
/// first n bits of the client are within the first offset + n bits of the IPv6 address.
[[nodiscard]] std::optional<EmbeddedV4> embedded_v4(const Address& address) noexcept;

/// Returns the four prefixes in which every address carries an IPv4 client.
[[nodiscard]] std::array<Prefix, 4> embedding_spaces() noexcept;

/// True for IPv6 prefixes within ::/8, 2001::/32 and 2002::/16. Databases only repeat the IPv4
/// space there, and say nothing of IPv6 clients.
[[nodiscard]] bool repeats_v4(const Prefix& prefix) noexcept;

/// False for addresses that no client on the internet has: this network, loopback, private,
/// link-local, shared, benchmarking, multicast and reserved space (RFC 6890), also when embedded in
/// IPv6. Documentation prefixes count as routable: they stand for clients in examples.
[[nodiscard]] bool routable(const Address& address) noexcept;
/// The same for a network: false only when all of it is such space.
[[nodiscard]] bool routable(const Prefix& prefix) noexcept;
/// True for 127.0.0.0/8, also mapped into IPv6, and for ::1.
[[nodiscard]] bool loopback(const Address& address) noexcept;
/// For a network that is not routable, returns the length of the unroutable space around it: 8 for
/// 10.1.2.0/24. No address in that space is routable. Returns nothing for a routable network.
[[nodiscard]] std::optional<std::uint8_t> placeless_length(const Prefix& prefix) noexcept;

/// Returns the prefixes of both families that are not routable. Clients there have no place,
/// whatever a database says.
[[nodiscard]] std::span<const Prefix> placeless_prefixes() noexcept;

}  // namespace geo
