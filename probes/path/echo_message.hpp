// SPDX-License-Identifier: Apache-2.0
#pragma once
// Echo requests of ICMP (RFC 792) and ICMPv6 (RFC 4443 §4) as octets:
//   0 type · 1 code · 2..3 checksum · 4..5 identifier · 6..7 sequence · 8..23 token

#include "geo/place/address.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace probes {

using EchoToken = std::array<std::uint8_t, 16>;
using EchoMessage = std::array<std::uint8_t, 24>;

struct EchoAnswer {
    std::uint16_t sequence = 0;
    EchoToken token{};
};

/// Returns an echo request. It has a checksum for IPv4 only: that of IPv6 covers the addresses, and
/// the kernel writes it.
[[nodiscard]] EchoMessage write_echo(geo::Family family, std::uint16_t identifier,
                                     std::uint16_t sequence, const EchoToken& token) noexcept;

/// Reads an answer; nothing when `message` is no answer to such a request. `message` must not
/// include the IPv4 header that raw sockets give.
[[nodiscard]] std::optional<EchoAnswer> read_echo(geo::Family family,
                                                  std::span<const std::uint8_t> message) noexcept;

/// Returns what follows the IPv4 header; empty when the packet has no valid one.
[[nodiscard]] std::span<const std::uint8_t> behind_ip_header(
    std::span<const std::uint8_t> packet) noexcept;

}  // namespace probes
