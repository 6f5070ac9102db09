// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known of a zone's edges right now, and how often each is answered: the one thing that
// changes under a published zone. The control thread writes health, any thread reads it; each
// answering thread counts in a lane of its own. A change is seen by the next query: one relaxed
// load an edge, no lock, nothing to rebuild.

#include "geo/policy/outcome.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

namespace geo {

struct EdgeHealth {
    static constexpr std::uint32_t no_limit = std::numeric_limits<std::int32_t>::max();

    bool usable = true;                  // false: not to be answered while another edge is usable
    std::uint32_t ttl_limit = no_limit;  // seconds for which this may be promised

    bool operator==(const EdgeHealth&) const = default;
};

class EdgeBoard {
 public:
    /// All edges are usable without a limit, and none has been answered.
    EdgeBoard(std::size_t edges, std::size_t lanes);

    [[nodiscard]] std::size_t size() const noexcept { return edges_; }

    /// One writer.
    void set(EdgeIndex edge, EdgeHealth health) noexcept;
    [[nodiscard]] EdgeHealth health(EdgeIndex edge) const noexcept {
        const auto word = health_[edge].load(std::memory_order_relaxed);
        return {.usable = (word & removed) == 0, .ttl_limit = word & ~removed};
    }

    /// One writer a lane; lanes past the last one are not counted.
    void count(std::size_t lane, EdgeIndex edge) noexcept {
        if (lane >= lanes_) return;
        auto& counter = counters_[lane * stride_ + edge];
        counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    /// Answers that named the edge, over all lanes, since the board was made.
    [[nodiscard]] std::uint64_t answers(EdgeIndex edge) const noexcept;

 private:
    static constexpr std::uint32_t removed = 1U << 31;

    std::size_t edges_;
    std::size_t lanes_;
    std::size_t stride_;  // counters of a lane, up to whole cache lines
    std::unique_ptr<std::atomic<std::uint32_t>[]> health_;
    std::unique_ptr<std::atomic<std::uint64_t>[]> counters_;
};

}  // namespace geo
