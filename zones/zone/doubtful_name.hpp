// SPDX-License-Identifier: Apache-2.0
#pragma once
// Names in values that their writer most likely meant otherwise: without the dot at its end, a name of
// another zone becomes one of this zone. Control path.

#include "zones/name/name.hpp"
#include "zones/name/record_type.hpp"

#include <cstddef>
#include <string>

namespace zones {

/// Whether the names in RDATA of this type are asked for next, so that they should exist.
[[nodiscard]] bool leads_to_host(RrType type) noexcept;

/// Whether a name of the zone is one like "ns2.example.com" with the zone's name behind it.
[[nodiscard]] bool looks_absolute(const Name& name, const Name& apex, RrType type);

// What a warning says behind the type; `count`: how many such names the RRset has.
[[nodiscard]] std::string dangling_text(const Name& first, std::size_t count);
[[nodiscard]] std::string doubtful_text(const Name& first, const Name& apex, std::size_t count);

}  // namespace zones
