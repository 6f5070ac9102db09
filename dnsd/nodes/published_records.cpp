// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/published_records.hpp"

namespace control {
namespace {

/// Brings `told` up to `now`. A line that was told before changes only if `news` says so.
template <class Lines, class News, class Text>
transfer::Changes update(Lines& told, const Lines& now, News news, Text text) {
    transfer::Changes changes;
    std::erase_if(told, [&](const auto& line) {
        if (now.contains(line.first)) return false;
        changes.removed.push_back(line.first);
        return true;
    });
    for (const auto& [owner, line] : now) {
        const auto [at, added] = told.try_emplace(owner, line);
        if (!added && !news(at->second, line)) continue;
        at->second = line;
        changes.set.emplace(owner, text(line));
    }
    return changes;
}

}  // namespace

transfer::Changes Telling::measured(const std::map<std::string, probes::ToldMeasurement>& now) {
    return update(measured_, now, probes::differs_enough, probes::told_text);
}

transfer::Changes Telling::stated(const transfer::Records& now) {
    return update(
        stated_, now, [](const auto& told, const auto& line) { return told != line; },
        [](const std::string& line) { return line; });
}

}  // namespace control
