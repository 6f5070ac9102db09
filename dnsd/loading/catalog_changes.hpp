// SPDX-License-Identifier: Apache-2.0
#pragma once
// Says in a line of the log what a reload has changed.

#include "zones/zone/catalog.hpp"

#include <string>

namespace control {

/// Returns "changed: a.test. (serial 5, was 4); new: b.test. (serial 1); gone: c.test.; read again:
/// …", or "no zone has changed". Lists up to eight names of each kind, and counts the rest. A zone
/// that was read again has its old serial, whatever its content is now.
[[nodiscard]] std::string changes_text(const zones::Catalog& before, const zones::Catalog& now);

/// "a.test. (serial 5), b.test. (serial 1) and 3 more".
[[nodiscard]] std::string zones_text(const zones::Catalog& catalog);

}  // namespace control
