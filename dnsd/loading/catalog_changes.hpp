// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a reload has come to, in a line of the log.

#include "zones/zone/catalog.hpp"

#include <string>

namespace control {

/// "changed: a.test. (serial 5, was 4); new: b.test. (serial 1); gone: c.test.; read again: …", a few
/// names of each at most and how many more there are; "no zone has changed". A zone that was read
/// again has the serial that it had, which says nothing of its content.
[[nodiscard]] std::string changes_text(const zones::Catalog& before, const zones::Catalog& now);

/// "a.test. (serial 5), b.test. (serial 1) and 3 more".
[[nodiscard]] std::string zones_text(const zones::Catalog& catalog);

}  // namespace control
