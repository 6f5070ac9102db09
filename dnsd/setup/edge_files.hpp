// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files of an edge, as docs/relay.md, docs/port-53.md and docs/latency.md recommend them.

#include "dnsd/setup/plan.hpp"

namespace setup {

/// The zone: the same text at all edges.
[[nodiscard]] std::string zone_file(const Plan& plan);

/// The folder of the edge of this index.
[[nodiscard]] Files edge_files(const Plan& plan, const Secrets& secrets, std::size_t index);

}  // namespace setup
