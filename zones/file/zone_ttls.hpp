// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the TTLs of a zone file: "ttl" and "min_ttl" of the zone, and those of its steered names.
// All are in seconds. Control path.

#include "zones/json/json.hpp"

#include <cstdint>
#include <optional>

namespace zones {

class ZoneTtls {
 public:
    /// The TTL of records in a zone that says nothing.
    static constexpr std::uint32_t usual = 3600;

    /// Reads the "ttl" and "min_ttl" of the zone.
    void read(const Json& root);

    /// Returns the TTL of a zone's records that have none of their own.
    [[nodiscard]] std::uint32_t of_records() const { return ttl_.value_or(usual); }
    /// Returns the TTL of a steered name from its "steer".
    [[nodiscard]] std::uint32_t of_steer(const Json& tree) const;
    /// Returns the "min_ttl" of a steered name with this TTL: its own, the zone's, or the default.
    /// The default gives way to a shorter TTL; the other two are a fault when they are above the
    /// TTL.
    [[nodiscard]] std::uint32_t least_of_steer(const Json& tree, std::uint32_t ttl) const;

 private:
    std::optional<std::uint32_t> ttl_;
    std::optional<std::uint32_t> min_ttl_;
};

}  // namespace zones
