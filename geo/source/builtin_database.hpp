// SPDX-License-Identifier: Apache-2.0
#pragma once
// The country database inside the executable, made of the regional registries' delegation files and
// whois data by country (NRO). See geo/place/data/README.md for its origin and terms. It needs no
// network and no file.

#include <cstdint>
#include <span>

namespace geo {

/// Returns a whole mmdb file.
[[nodiscard]] std::span<const std::uint8_t> builtin_database() noexcept;

/// Gives the database's pages back to the system until they are read again.
void release_builtin_database() noexcept;

}  // namespace geo
