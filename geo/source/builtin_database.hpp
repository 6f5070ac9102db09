// SPDX-License-Identifier: Apache-2.0
#pragma once
// The country database inside the executable: NRO delegation data and whois data by country. See
// geo/place/data/README.md for its origin and terms. It works offline, on any machine, at once.

#include <cstdint>
#include <span>

namespace geo {

/// Returns a whole mmdb file.
[[nodiscard]] std::span<const std::uint8_t> builtin_database() noexcept;

/// Gives the database's pages back to the system until they are read again.
void release_builtin_database() noexcept;

}  // namespace geo
