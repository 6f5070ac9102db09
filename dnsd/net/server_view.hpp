// SPDX-License-Identifier: Apache-2.0
#pragma once
// What an answering thread uses of its server.

#include "dnsd/engine/observer.hpp"
#include "dnsd/engine/respond.hpp"
#include "dnsd/engine/snapshots.hpp"

#include <cstddef>
#include <span>

namespace net {

/// All of it outlives the thread.
struct ServerView {
    const engine::Snapshots& snapshots;
    engine::Observer& observer;
    std::span<engine::SeenResolvers> seen{};      // one for each lane, or none at all
    std::span<engine::QueryCounters> counters{};  // the same

    [[nodiscard]] engine::SeenResolvers* seen_in(std::size_t lane) const noexcept {
        return lane < seen.size() ? &seen[lane] : nullptr;
    }
    [[nodiscard]] engine::QueryCounters* counters_in(std::size_t lane) const noexcept {
        return lane < counters.size() ? &counters[lane] : nullptr;
    }
};

}  // namespace net
