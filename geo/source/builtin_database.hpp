// SPDX-License-Identifier: Apache-2.0
#pragma once
// The country database inside the executable: NRO delegation and whois data by country, see
// geo/place/data/README.md for its origin and terms. It works offline, on any machine, at once.

#include <cstdint>
#include <span>

namespace geo {

/// A whole mmdb file.
[[nodiscard]] std::span<const std::uint8_t> builtin_database() noexcept;

/// Gives its pages back to the system until they are read again.
void release_builtin_database() noexcept;

}  // namespace geo
