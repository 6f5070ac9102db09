// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may stand together in a zone, and what its writer most likely meant otherwise. Faults and
// warnings go to the source of the zone. Control path.

#include "geo/base/source.hpp"
#include "zones/zone/zone.hpp"
#include "zones/zone/zone_draft.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace zones {

/// A zone whose names and records can be looked up, with what its draft does not know.
struct LaidOutZone {
    const Zone& zone;
    const NodeStore& store;                // of the zone
    std::span<const std::uint32_t> nodes;  // by number of a name, ascending
};

class ZoneRules {
 public:
    /// Both must outlive the rules.
    ZoneRules(const ZoneDraft& draft, const Source& source) : draft_{draft}, source_{source} {}

    /// Checks what stands together at one name. The draft must be sorted.
    void check_sets();
    /// Checks what stands at and below delegations and DNAMEs. The draft must be marked.
    void check_below_cuts();
    /// Checks that the name servers inside the zone have addresses.
    void check_targets(const LaidOutZone& laid_out);
    /// Checks that no CNAME or DNAME leads in a circle or too far.
    void check_chains(const LaidOutZone& laid_out);
    /// Warns of relative names that were meant to be absolute.
    void warn_of_doubtful_names(const Zone& zone) const;

    /// False once one of the checks has found a fault.
    [[nodiscard]] bool kept() const noexcept { return kept_; }

 private:
    void fault(const PendingSet& pending, std::string text);
    void check_together(std::span<const PendingSet> at_name);
    [[nodiscard]] std::optional<Name> next_name(const LaidOutZone& laid_out,
                                                const Name& name) const;
    void warn_of_doubtful_names(const Zone& zone, const PendingSet& pending) const;

    const ZoneDraft& draft_;
    const Source& source_;
    bool kept_ = true;
};

}  // namespace zones
