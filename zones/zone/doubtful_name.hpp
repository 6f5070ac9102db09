// SPDX-License-Identifier: Apache-2.0
#pragma once
// Finds names in values that their writer most likely meant otherwise: without the dot at its end,
// a name of another zone becomes a name of this zone. Control path.

#include "zones/name/name.hpp"
#include "zones/name/record_type.hpp"

#include <cstddef>
#include <string>

namespace zones {

/// True if resolvers ask for the names in RDATA of this type next, so that these should exist.
[[nodiscard]] bool leads_to_host(RrType type) noexcept;

/// True if a name of the zone looks like "ns2.example.com" with the zone's name appended.
[[nodiscard]] bool looks_absolute(const Name& name, const Name& apex, RrType type);

// These return the text of a warning after the type; `count` is how many such names the RRset has.
[[nodiscard]] std::string dangling_text(const Name& first, std::size_t count);
[[nodiscard]] std::string doubtful_text(const Name& first, const Name& apex, std::size_t count);

}  // namespace zones
