// SPDX-License-Identifier: Apache-2.0
#pragma once
// Maps as tests compile them, and what each policy comes to without a map.

#include "geo/policy/map.hpp"
#include "geo/policy/policy.hpp"
#include "geo/source/sources.hpp"

#include <memory>
#include <vector>

namespace support {

/// Returns the maps of policies for `six_sites`; the test fails if they cannot be compiled.
[[nodiscard]] std::vector<std::shared_ptr<const geo::Map>> compile(
    const geo::Sources& sources, const std::vector<geo::Policy>& policies);

/// Returns what the policy comes to without any map. Equal outcomes have equal numbers in
/// `outcomes`.
[[nodiscard]] geo::OutcomeId evaluate_at(const geo::Sources& sources, const geo::Policy& policy,
                                         const geo::Address& at, geo::Outcomes& outcomes);

}  // namespace support
