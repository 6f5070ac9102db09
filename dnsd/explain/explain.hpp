// SPDX-License-Identifier: Apache-2.0
#pragma once
// `isochrone explain`: what a client would be answered, and why. The answer comes out of the code
// that answers queries; the rest is what that code has looked at, in words.

#include "dnsd/engine/respond.hpp"
#include "geo/place/address.hpp"
#include "geo/source/sources.hpp"
#include "probes/health/dashboard.hpp"
#include "zones/name/name.hpp"

#include <optional>
#include <string>
#include <vector>

namespace control {

/// Who asks: an address stands for a client or resolver that asks itself, a shorter prefix for a
/// resolver that sends it as client subnet.
struct Asker {
    geo::Prefix prefix;
    std::optional<geo::Address> resolver{};  // that sends the subnet, where it is known

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

/// `health` is that of the name's zone, as far as somebody knows it; null when nobody asked.
/// `random` is for the draws of weighted sets.
[[nodiscard]] Rows explain(const engine::Snapshot& snapshot, const geo::Sources& sources,
                           const zones::Name& name, const Asker& asker,
                           const probes::ZoneStatus* health, geo::Random random);

/// For a terminal: a line each, keys and values in columns.
[[nodiscard]] std::string to_text(const Rows& rows);

}  // namespace control
