// SPDX-License-Identifier: Apache-2.0
#pragma once
// How snapshots reach those who answer.

#include "dnsd/engine/publisher.hpp"
#include "dnsd/engine/respond.hpp"

namespace engine {

using Snapshots = Publisher<Snapshot>;
using SnapshotReader = Snapshots::Reader;

}  // namespace engine
