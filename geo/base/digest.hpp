// SPDX-License-Identifier: Apache-2.0
#pragma once
// Short digests by which nodes find out whether they mean the same: FNV-1a over fields, each with its
// length behind it, and a last step that lets each bit tell in all others. The same on all machines.
// They tell apart what differs by accident; who wants to lie needs no collision to do so.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace probes {

class Digest {
 public:
    void add(std::span<const std::uint8_t> octets) noexcept {
        for (const auto octet : octets) take(octet);
        add(octets.size());
    }
    void add(std::string_view text) noexcept {
        for (const auto character : text) take(static_cast<std::uint8_t>(character));
        add(text.size());
    }
    /// A number of any type: eight octets, the lowest first.
    void add(std::uint64_t number) noexcept {
        for (int i = 0; i < 8; ++i, number >>= 8) take(static_cast<std::uint8_t>(number));
    }

    /// Of all fields so far. Sums of values (modulo 2^64) are digests of what has no order.
    [[nodiscard]] std::uint64_t value() const noexcept;

 private:
    void take(std::uint8_t octet) noexcept { state_ = (state_ ^ octet) * 0x100'0000'01B3; }

    std::uint64_t state_ = 0xCBF2'9CE4'8422'2325;
};

/// 16 hexadecimal digits in lower case.
[[nodiscard]] std::string digest_text(std::uint64_t digest);
/// Nothing for any other text.
[[nodiscard]] std::optional<std::uint64_t> read_digest(std::string_view text) noexcept;

}  // namespace probes
