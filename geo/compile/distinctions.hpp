// SPDX-License-Identifier: Apache-2.0
#pragma once
// What tells clients apart in a set of policies: the prefixes and AS numbers that they name, and
// the parts of a place that they ask for. Control path.

#include "geo/compile/compiler.hpp"
#include "geo/policy/policy.hpp"
#include "geo/source/mmdb_record.hpp"
#include "geo/source/prefix_tree.hpp"

#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace geo {

class Distinctions {
 public:
    explicit Distinctions(std::span<const MapRequest> requests);

    /// Returns the prefixes that policies name. The value of a leaf is known to holding().
    [[nodiscard]] const PrefixTable& named() const noexcept { return named_; }
    /// Returns the prefixes that hold the leaf of named() with this value, longest first.
    [[nodiscard]] std::vector<Prefix> holding(std::uint32_t value) const;
    [[nodiscard]] bool names_asn(std::uint32_t number) const { return asns_.contains(number); }
    [[nodiscard]] PlaceParts parts() const noexcept { return parts_; }

 private:
    void collect(const Policy& policy);

    std::vector<Prefix> prefixes_;
    std::set<std::string> known_;  // the prefixes as text
    std::set<std::uint32_t> asns_;
    PlaceParts parts_{.point = false, .subdivision = false, .asn = false};
    PrefixTable named_;
};

}  // namespace geo
