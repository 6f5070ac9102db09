// SPDX-License-Identifier: Apache-2.0
#pragma once
// What may stand together in a zone, and what its writer most likely meant otherwise. Faults and
// warnings go to the source of the zone. Control path.

#include "geo/base/source.hpp"
#include "zones/zone/contents.hpp"
#include "zones/zone/name_marks.hpp"
#include "zones/zone/zone.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace zones {

/// A zone whose names and records can be looked up, with what its Contents do not know.
struct LaidOutZone {
    const Zone& zone;
    const NodeStore& store;                // of the zone
    std::span<const std::uint32_t> nodes;  // by number of a name, ascending
};

/// Returns what the server itself answers at a name of the zone; empty for all other names. `own` is
/// the name in wire form, without the zone's name.
[[nodiscard]] std::string_view own_answer(std::span<const std::uint8_t> own);

class ZoneRules {
 public:
    /// Both must outlive the rules.
    ZoneRules(const Contents& contents, const Source& source)
        : contents_{contents}, source_{source} {}

    /// Checks what stands together at one name. The Contents must be sorted.
    void check_sets();
    /// Checks what stands at and below delegations and DNAMEs.
    void check_below_cuts(const NameMarks& marks);
    /// Checks that the name servers inside the zone have addresses.
    void check_targets(const LaidOutZone& laid_out);
    /// Checks that no CNAME or DNAME leads in a circle or too far.
    void check_chains(const LaidOutZone& laid_out);
    /// Warns of relative names that were meant to be absolute.
    void warn_of_doubtful_names(const Zone& zone) const;

    /// False once one of the checks has found a fault.
    [[nodiscard]] bool kept() const noexcept { return kept_; }

 private:
    void fault(const Contents::Set& set, std::string text);
    void check_together(std::span<const Contents::Set> at_name);
    [[nodiscard]] std::optional<Name> next_name(const LaidOutZone& laid_out,
                                                const Name& name) const;
    void warn_of_doubtful_names(const Zone& zone, const Contents::Set& set) const;

    const Contents& contents_;
    const Source& source_;
    bool kept_ = true;
};

}  // namespace zones
