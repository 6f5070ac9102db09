// SPDX-License-Identifier: Apache-2.0
#pragma once
// The latest word on each edge that an operator has drained or put back, at any node. The latest
// word on an edge holds, so all nodes end with the same words, in whatever order they hear them.
// Pure: time is the caller's.

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
    static constexpr std::chrono::hours remembered{90 * 24};  // how long a word is kept once said
    static constexpr std::chrono::minutes clocks_differ{10};  // words further ahead are refused
    /// A word on an edge that is not served here is refused when so many words are known.
    static constexpr std::size_t most_of_others = 10'000;

    /// Records a command given now, and returns the word to tell other nodes. It is later than the
    /// word known so far, unless that one is more than clocks_differ ahead: no other node has taken
    /// such a word.
    const DrainWord& say(const Key& key, Wall now, std::optional<std::chrono::seconds> until,
                         bool over);

    /// Takes a word from another node or an earlier process. It counts if it is later than the
    /// known word, does not come from the future, and is not due to be forgotten.
    enum class Edge : std::uint8_t { Served, Unknown };
    enum class Taken : std::uint8_t { News, Known, Refused };
    Taken take(const DrainRecord& record, Wall now, Edge edge);

    /// Puts back what this node knew before its restart, whatever its clock says now.
    void restore(const DrainRecord& record) {
        words_.insert_or_assign({record.zone, record.edge}, record.word);
    }

    /// Drops words that no longer mean anything, and returns their keys.
    std::vector<Key> forget(Wall now);

    /// Returns the word on an edge; null when none is known.
    [[nodiscard]] const DrainWord* find(const Key& key) const;
    [[nodiscard]] const std::map<Key, DrainWord>& all() const noexcept { return words_; }

 private:
    [[nodiscard]] static bool means_something(const DrainWord& word, Wall now) {
        return word.holds(now) || word.said + remembered > now;
    }

    std::map<Key, DrainWord> words_;
};

}  // namespace probes
