// SPDX-License-Identifier: Apache-2.0
#include "geo/place/address.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include <arpa/inet.h>
#include <endian.h>

namespace geo {
namespace {

constexpr Bits v4(std::uint32_t address) noexcept {
    return Bits{address} << 96;
}
constexpr Bits v6(std::uint64_t high, std::uint64_t low = 0) noexcept {
    return Bits{high} << 64 | low;
}

constexpr Prefix mapped{{Family::V6, v6(0, 0xffff'0000'0000)}, 96};
constexpr Prefix nat64{{Family::V6, v6(0x0064'ff9b'0000'0000)}, 96};
constexpr Prefix six_to_four{{Family::V6, v6(0x2002'0000'0000'0000)}, 16};
constexpr Prefix teredo{{Family::V6, v6(0x2001'0000'0000'0000)}, 32};

constexpr std::array placeless{
    Prefix{{Family::V4, v4(0x0000'0000)}, 8},             // this network
    Prefix{{Family::V4, v4(0x0a00'0000)}, 8},             // private
    Prefix{{Family::V4, v4(0x6440'0000)}, 10},            // shared (carrier-grade NAT)
    Prefix{{Family::V4, v4(0x7f00'0000)}, 8},             // loopback
    Prefix{{Family::V4, v4(0xa9fe'0000)}, 16},            // link-local
    Prefix{{Family::V4, v4(0xac10'0000)}, 12},            // private
    Prefix{{Family::V4, v4(0xc000'0000)}, 24},            // protocol assignments
    Prefix{{Family::V4, v4(0xc0a8'0000)}, 16},            // private
    Prefix{{Family::V4, v4(0xc612'0000)}, 15},            // benchmarking
    Prefix{{Family::V4, v4(0xe000'0000)}, 3},             // multicast, reserved
    Prefix{{Family::V6, 0}, 8},                           // unspecified, loopback
    Prefix{{Family::V6, v6(0x0100'0000'0000'0000)}, 64},  // discard-only
    Prefix{{Family::V6, v6(0x2001'0002'0000'0000)}, 48},  // benchmarking
    Prefix{{Family::V6, v6(0xfc00'0000'0000'0000)}, 7},   // unique local
    Prefix{{Family::V6, v6(0xfe80'0000'0000'0000)}, 10},  // link-local
    Prefix{{Family::V6, v6(0xfec0'0000'0000'0000)}, 10},  // site-local, retired
    Prefix{{Family::V6, v6(0xff00'0000'0000'0000)}, 8},   // multicast
};

/// By family and first octet: true if some of that space may be placeless.
constexpr auto has_placeless = [] {
    std::array<std::array<bool, 256>, 2> has{};
    for (const auto& space : placeless) {
        const auto first = static_cast<std::size_t>(space.address.bits >> 120);
        const auto count =
            space.length >= 8 ? std::size_t{1} : std::size_t{1} << (8 - space.length);
        for (auto i = first; i < first + count; ++i)
            has[static_cast<std::size_t>(space.address.family)][i] = true;
    }
    return has;
}();

// Databases repeat the IPv4 space at ::/96 and in front of it, in 6to4 and in Teredo.
constexpr Prefix low{{Family::V6, 0}, 8};

}  // namespace

bool repeats_v4(const Prefix& prefix) noexcept {
    return std::ranges::any_of(std::array{low, teredo, six_to_four}, [&](const Prefix& space) {
        return space.length <= prefix.length && space.contains(prefix.address);
    });
}

std::array<Prefix, 4> embedding_spaces() noexcept {
    return {mapped, nat64, six_to_four, teredo};
}

Address address_from(Family family, std::span<const std::uint8_t> octets) noexcept {
    std::array<std::uint8_t, 16> whole{};
    const auto given = std::min<std::size_t>(octets.size(), width(family) / 8);
    std::ranges::copy(octets.first(given), whole.begin());
    std::array<std::uint64_t, 2> halves;
    std::memcpy(halves.data(), whole.data(), sizeof halves);
    return {family, Bits{be64toh(halves[0])} << 64 | be64toh(halves[1])};
}

void write_octets(const Address& address, std::span<std::uint8_t> to) noexcept {
    unsigned shift = 128;
    for (auto& octet : to) {
        shift -= 8;
        octet = static_cast<std::uint8_t>(address.bits >> shift);
    }
}

std::optional<Address> read_address(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return std::nullopt;  // inet_pton stops there
    const std::string terminated{text};
    std::array<std::uint8_t, 16> octets{};
    if (inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1) {
        return address_from(Family::V4, octets);
    }
    if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) == 1) {
        return address_from(Family::V6, octets);
    }
    return std::nullopt;
}

std::optional<Prefix> read_prefix(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = read_address(text.substr(0, slash));
    if (!address) return std::nullopt;
    unsigned length = width(address->family);
    if (slash != std::string_view::npos) {
        const auto digits = text.substr(slash + 1);
        const auto* end = digits.data() + digits.size();
        const auto [behind, fault] = std::from_chars(digits.data(), end, length);
        if (fault != std::errc{} || behind != end || length > width(address->family)) {
            return std::nullopt;
        }
    }
    if ((address->bits & ~mask(length)) != 0) return std::nullopt;
    return Prefix{*address, static_cast<std::uint8_t>(length)};
}

std::string to_text(const Address& address) {
    std::array<std::uint8_t, 16> octets{};
    write_octets(address, octets);
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(address.family == Family::V4 ? AF_INET : AF_INET6, octets.data(), text.data(),
              text.size());
    return text.data();
}

std::string to_text(const Prefix& prefix) {
    return to_text(prefix.address) + "/" + std::to_string(prefix.length);
}

std::optional<EmbeddedV4> embedded_v4(const Address& address) noexcept {
    if (mapped.contains(address) || nat64.contains(address)) {
        return EmbeddedV4{{Family::V4, address.bits << 96}, 96};
    }
    if (six_to_four.contains(address)) {
        return EmbeddedV4{{Family::V4, address.bits << 16 & mask(32)}, 16};
    }
    if (teredo.contains(address)) return EmbeddedV4{{Family::V4, ~address.bits << 96}, 96};
    return std::nullopt;
}

bool routable(const Address& address) noexcept {
    return routable(Prefix{address, static_cast<std::uint8_t>(width(address.family))});
}

bool routable(const Prefix& prefix) noexcept {
    return !placeless_length(prefix);
}

bool loopback(const Address& address) noexcept {
    constexpr Prefix v4_loopback{{Family::V4, v4(0x7f00'0000)}, 8};
    if (address.family == Family::V4) return v4_loopback.contains(address);
    return mapped.contains(address) ? (address.bits << 96 & mask(8)) == v4_loopback.address.bits
                                    : address.bits == 1;
}

std::optional<std::uint8_t> placeless_length(const Prefix& prefix) noexcept {
    if (const auto inside = embedded_v4(prefix.address);
        inside && prefix.length >= inside->offset) {
        const auto length = static_cast<std::uint8_t>(prefix.length - inside->offset);
        const auto found = placeless_length(Prefix{inside->client, length});
        if (!found) return std::nullopt;
        return static_cast<std::uint8_t>(*found + inside->offset);
    }
    const auto first = static_cast<std::size_t>(prefix.address.bits >> 120);
    if (!has_placeless[static_cast<std::size_t>(prefix.address.family)][first]) return std::nullopt;
    const auto* const space = std::ranges::find_if(placeless, [&](const Prefix& candidate) {
        return candidate.length <= prefix.length && candidate.contains(prefix.address);
    });
    if (space == placeless.end()) return std::nullopt;
    // Lengthened until it holds no embedding of IPv4 clients, who may be anywhere.
    auto length = space->length;
    for (const auto& other : embedding_spaces()) {
        while (length < prefix.length &&
               prefix_around(prefix.address, length).contains(other.address))
            ++length;
    }
    return length;
}

std::span<const Prefix> placeless_prefixes() noexcept {
    return placeless;
}

}  // namespace geo
