// SPDX-License-Identifier: Apache-2.0
#pragma once
// A digest of what a zone means, by which nodes find out whether they serve the same: of its records,
// its edges with their checks, and its policies. Comments, the order of names and records, how numbers
// and addresses are written, and whether the file is JSON or in master format do not tell in it. Nor
// does a serial that is the time of the file, as a copy may have another one.

#include "geo/policy/policy.hpp"
#include "zones/zone/zone.hpp"

#include <cstdint>
#include <span>

namespace zones {

class ZoneDigest {
 public:
    /// Told with digests, so that those of versions that make them otherwise are not compared.
    static constexpr int form = 1;

    /// An RRset in wire form, as WireSet has it. Of SOA all but the serial.
    void add_set(std::span<const std::uint8_t> owner, RrType type,
                 std::span<const std::uint8_t> octets);
    void add_steer(const Steer& steer, std::span<const Edge> edges);
    void add_edge(const Edge& edge, const geo::EdgeSite& site);
    void add_choices(const AllDown& all_down, MissingFamily missing_family,
                     std::span<const Edge> edges);
    /// One that the file gives.
    void add_serial(std::uint32_t serial);

    [[nodiscard]] std::uint64_t value() const noexcept { return sum_; }

 private:
    std::uint64_t sum_ = 0;  // of parts that have no order
};

}  // namespace zones
