// SPDX-License-Identifier: Apache-2.0
#pragma once
// The names by which a server tells what it knows: `_probes.<zone>`, `<edge>._probes.<zone>` and
// `_why.<name>`. They exist beside the zone's own names, and only for observers. They are no part
// of the zone, because their content changes with time and asker.

#include "zones/zone/zone.hpp"

#include <cstdint>

namespace engine {

struct ObservedName {
    enum class Kind : std::uint8_t {
        None,    // a name like any other
        Absent,  // below `_probes`, but no edge has this name
        Probes,  // all edges of the zone
        Edge,    // one of them
        Why,     // how the rest of the name is answered
    };
    Kind kind = Kind::None;
    geo::EdgeIndex edge = 0;
};

/// Reads an observed name; `name` must be within the zone. `_why` is only read before names that
/// exist, by a wildcard too, so that it makes no empty non-terminals (RFC 8020 §2). `_probes` is
/// only read in a zone with edges.
[[nodiscard]] ObservedName read_observed(const zones::Zone& zone, const zones::Name& name) noexcept;

}  // namespace engine
