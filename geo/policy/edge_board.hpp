// SPDX-License-Identifier: Apache-2.0
#pragma once
// The health of a zone's edges at this moment, and how often each was answered: the only data that
// changes under a published zone. The control thread writes health and any thread reads it; each
// answering thread counts in a lane of its own. The next query sees a change, at the cost of one
// relaxed load per edge: no lock, and nothing to rebuild.

#include "geo/policy/outcome.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

namespace geo {

struct EdgeHealth {
    static constexpr std::uint32_t no_limit = std::numeric_limits<std::int32_t>::max();

    bool usable = true;                  // false: not answered while another edge is usable
    std::uint32_t ttl_limit = no_limit;  // seconds for which this health may be promised

    bool operator==(const EdgeHealth&) const = default;
};

class EdgeBoard {
 public:
    /// Makes a board on which all edges are usable without a limit, and none has been answered.
    EdgeBoard(std::size_t edges, std::size_t lanes);

    [[nodiscard]] std::size_t size() const noexcept { return edges_; }

    /// Sets the health of an edge. One thread only may write.
    void set(EdgeIndex edge, EdgeHealth health) noexcept;
    [[nodiscard]] EdgeHealth health(EdgeIndex edge) const noexcept {
        const auto word = health_[edge].load(std::memory_order_relaxed);
        return {.usable = (word & removed) == 0, .ttl_limit = word & ~removed};
    }

    /// Counts an answer. One thread only may write in a lane; lanes past the last one are not
    /// counted.
    void count(std::size_t lane, EdgeIndex edge) noexcept {
        if (lane >= lanes_) return;
        auto& counter = counters_[lane * stride_ + edge];
        counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    /// Returns how many answers named the edge, over all lanes, since the board was made.
    [[nodiscard]] std::uint64_t answers(EdgeIndex edge) const noexcept;

 private:
    static constexpr std::uint32_t removed = 1U << 31;

    std::size_t edges_;
    std::size_t lanes_;
    std::size_t stride_;  // counters per lane, rounded up to whole cache lines
    std::unique_ptr<std::atomic<std::uint32_t>[]> health_;
    std::unique_ptr<std::atomic<std::uint64_t>[]> counters_;
};

}  // namespace geo
