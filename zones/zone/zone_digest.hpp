// SPDX-License-Identifier: Apache-2.0
#pragma once
// A digest of what a zone means: its records, its edges with their checks, and its policies. Nodes
// compare digests to find out whether they serve the same zone. Comments, the order of names and
// records, the notation of numbers and addresses, and the file's format (JSON or master) do not
// change it. A serial that is the time of the file does not either, because a copy of the file may
// have another time.

#include "geo/policy/policy.hpp"
#include "zones/zone/zone.hpp"

#include <cstdint>
#include <span>

namespace zones {

class ZoneDigest {
 public:
    /// The version of the digest's algorithm. It is sent with digests, so that nodes only compare
    /// digests of the same form.
    static constexpr int form = 1;

    /// Adds an RRset in wire form, as WireSet has it. The serial of an SOA is left out.
    void add_set(std::span<const std::uint8_t> owner, RrType type,
                 std::span<const std::uint8_t> octets);
    void add_steer(const Steer& steer, std::span<const Edge> edges);
    void add_edge(const Edge& edge, const geo::EdgeSite& site);
    void add_choices(const AllDown& all_down, MissingFamily missing_family,
                     std::span<const Edge> edges);
    /// Adds a serial that the file gives.
    void add_serial(std::uint32_t serial);

    [[nodiscard]] std::uint64_t value() const noexcept { return sum_; }

 private:
    std::uint64_t sum_ = 0;  // of the digests of all parts, which have no order
};

}  // namespace zones
