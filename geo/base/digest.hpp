// SPDX-License-Identifier: Apache-2.0
#pragma once
// Short digests by which nodes find out whether they mean the same: FNV-1a over fields, each
// followed by its length, and a final step that mixes every bit into all others. The result is the
// same on all machines. Digests tell apart what differs by accident; they do not protect against a
// node that lies, which needs no collision for it.

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
    /// Adds a number of any type as eight octets, the lowest first.
    void add(std::uint64_t number) noexcept {
        for (int i = 0; i < 8; ++i, number >>= 8) take(static_cast<std::uint8_t>(number));
    }

    /// Returns the digest of all fields so far. For items without an order, add their values
    /// (modulo 2^64): the sum is their digest.
    [[nodiscard]] std::uint64_t value() const noexcept;

 private:
    void take(std::uint8_t octet) noexcept { state_ = (state_ ^ octet) * 0x100'0000'01B3; }

    std::uint64_t state_ = 0xCBF2'9CE4'8422'2325;
};

/// Returns 16 hexadecimal digits in lower case.
[[nodiscard]] std::string digest_text(std::uint64_t digest);
/// Reads 16 hexadecimal digits in lower case; nothing for any other text.
[[nodiscard]] std::optional<std::uint64_t> read_digest(std::string_view text) noexcept;

}  // namespace probes
