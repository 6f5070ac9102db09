// SPDX-License-Identifier: Apache-2.0
#include "probes/health/drain_words.hpp"

#include <algorithm>

namespace probes {

const DrainWord& DrainWords::say(const Key& key, Wall now,
                                 std::optional<std::chrono::seconds> until, bool over) {
    auto& word = words_[key];
    // A word from a clock that was too far ahead is not followed for ever: no other node has taken
    // that word.
    const bool ahead = word.said >= now && word.said <= now + clocks_differ;
    word = {.said = ahead ? word.said + Wall{1} : now, .until = until, .over = over};
    return word;
}

DrainWords::Taken DrainWords::take(const DrainRecord& record, Wall now, Edge edge) {
    const auto& word = record.word;
    if (word.said > now + clocks_differ || !means_something(word, now)) return Taken::Refused;
    const Key key{record.zone, record.edge};
    const auto known = words_.find(key);
    if (known != words_.end()) {
        if (!is_later(word, known->second)) return Taken::Known;
        known->second = word;
        return Taken::News;
    }
    if (edge == Edge::Unknown && words_.size() >= most_of_others) return Taken::Refused;
    words_.emplace(key, word);
    return Taken::News;
}

std::vector<DrainWords::Key> DrainWords::forget(Wall now) {
    std::vector<Key> forgotten;
    std::erase_if(words_, [&](const auto& entry) {
        if (means_something(entry.second, now)) return false;
        forgotten.push_back(entry.first);
        return true;
    });
    return forgotten;
}

const DrainWord* DrainWords::find(const Key& key) const {
    const auto found = words_.find(key);
    return found == words_.end() ? nullptr : &found->second;
}

}  // namespace probes
