// SPDX-License-Identifier: Apache-2.0
#pragma once
// `isochrone explain`: says what answer a client would get, and why. The answer comes from the code
// that answers queries; the rest puts into words what that code has looked at.

#include "dnsd/engine/respond.hpp"
#include "geo/place/address.hpp"
#include "geo/source/sources.hpp"
#include "probes/health/zone_status.hpp"
#include "zones/name/name.hpp"

#include <optional>
#include <string>
#include <vector>

namespace control {

/// Who asks. A whole address stands for a client or resolver that asks by itself. A shorter prefix
/// stands for a resolver that sends it as client subnet.
struct Asker {
    geo::Prefix prefix;
    std::optional<geo::Address> resolver{};  // the one that sends the subnet, if known

    [[nodiscard]] bool by_subnet() const noexcept {
        return resolver || prefix.length < geo::width(prefix.address.family);
    }
};

/// One fact: "place" and "GB (United Kingdom), …". Each edge of a policy is a row "edge".
struct Row {
    std::string key;
    std::string value;
};
using Rows = std::vector<Row>;

/// Explains the answers to A and AAAA queries. `health` is the status of the name's zone; null if
/// it is not known. `random` is for the draws of weighted sets.
[[nodiscard]] Rows explain(const engine::Snapshot& snapshot, const geo::Sources& sources,
                           const zones::Name& name, const Asker& asker,
                           const probes::ZoneStatus* health, geo::Random random);

/// Returns text for a terminal: a line for each row, with keys and values in columns.
[[nodiscard]] std::string to_text(const Rows& rows);

}  // namespace control
