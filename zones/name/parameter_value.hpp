// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads and checks the value of one parameter of SVCB and HTTPS records, in text and in wire form,
// for each key that is known (IANA "Service Parameter Keys (SvcParamKeys)"). Control path.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

namespace key {
constexpr unsigned mandatory = 0, alpn = 1, no_default_alpn = 2, port = 3, ipv4hint = 4, ech = 5,
                   ipv6hint = 6, dohpath = 7, ohttp = 8, invalid = 65535;
}

/// Reads a key: "port", or "key3" without leading zeros. Returns nothing when `name` is no key.
[[nodiscard]] std::optional<unsigned> read_key(std::string_view name);

/// Appends a value from presentation format, with its escapes. When `name` is a number, the text is
/// the value's octets themselves (RFC 9460 §2.1). Returns what is wrong; empty when nothing is.
[[nodiscard]] std::string write_value(std::string_view name, unsigned key, std::string_view text,
                                      std::vector<std::uint8_t>& octets);

/// Returns what is wrong with a value in wire form, seen alone; empty when nothing is.
[[nodiscard]] std::string_view fault_of_value(unsigned key, std::span<const std::uint8_t> value);

}  // namespace zones
