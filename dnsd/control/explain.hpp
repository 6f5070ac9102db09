// SPDX-License-Identifier: Apache-2.0
#pragma once
// `isochrone explain`: what a client would be answered, and why. The answer comes out of the code
// that answers queries; the rest is what that code has looked at, in words.

#include "dnsd/engine/respond.hpp"
#include "geo/address.hpp"
#include "geo/sources.hpp"
#include "zones/name.hpp"

#include <string>

namespace control {

/// Who asks: an address stands for a client or resolver that asks itself, a shorter prefix for a
/// resolver that sends it as client subnet.
struct Asker {
    geo::Prefix prefix;
    [[nodiscard]] bool by_subnet() const noexcept {
        return prefix.length < geo::width(prefix.address.family);
    }
};

[[nodiscard]] std::string explain(const engine::Snapshot& snapshot, const geo::Sources& sources,
                                  const zones::Name& name, const Asker& asker);

}  // namespace control
