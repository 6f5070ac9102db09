// SPDX-License-Identifier: Apache-2.0
#pragma once
// The latest word on each edge that an operator has drained or put back, at whatever node. Words of
// different nodes come together to the same in any order, as of each edge the latest holds. Pure:
// time is the caller's.

#include "probes/health/drain_record.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace probes {

class DrainWords {
 public:
    using Wall = std::chrono::milliseconds;                   // since 1970
    using Key = std::pair<std::string, std::string>;          // zone and edge
    static constexpr std::chrono::hours remembered{90 * 24};  // a word, since it was said
    static constexpr std::chrono::minutes clocks_differ{10};  // by less: others were not heard
    /// Of edges that are not served here.
    static constexpr std::size_t most_of_others = 10'000;

    /// A command of this moment: later than all that is known of the edge. What is to be told.
    const DrainWord& say(const Key& key, Wall now, std::optional<std::chrono::seconds> until,
                         bool over);

    /// What another node or an earlier process tells. Taken where it is later than what is known,
    /// is not of the future, and is not to be forgotten.
    enum class Edge : std::uint8_t { Served, Unknown };
    enum class Taken : std::uint8_t { News, Known, Refused };
    Taken take(const DrainRecord& record, Wall now, Edge edge);

    /// What this node knew before it was started anew, whatever its clock says by now.
    void restore(const DrainRecord& record) {
        words_.insert_or_assign({record.zone, record.edge}, record.word);
    }

    /// Drops words that mean nothing any more; which these were.
    std::vector<Key> forget(Wall now);

    /// Null where nothing is known.
    [[nodiscard]] const DrainWord* find(const Key& key) const;
    [[nodiscard]] const std::map<Key, DrainWord>& all() const noexcept { return words_; }

 private:
    [[nodiscard]] static bool means_something(const DrainWord& word, Wall now) {
        return word.holds(now) || word.said + remembered > now;
    }

    std::map<Key, DrainWord> words_;
};

}  // namespace probes
