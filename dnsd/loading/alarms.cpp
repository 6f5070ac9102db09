// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/alarms.hpp"

#include <algorithm>
#include <utility>

namespace control {
namespace {

constexpr std::chrono::hours tell_every{1};

}  // namespace

void Alarms::set(std::vector<Alarm> alarms) {
    std::vector<ToldAlarm> entries;
    for (auto& alarm : alarms) {
        const auto known = std::ranges::find(entries_, alarm, &ToldAlarm::alarm);
        const auto told = known == entries_.end() ? std::nullopt : known->told;
        entries.push_back({std::move(alarm), told});
    }
    entries_ = std::move(entries);
}

std::vector<std::string> Alarms::due(geo::Time now) {
    std::vector<std::string> texts;
    for (auto& [alarm, told] : entries_) {
        if (told && now - *told < tell_every) continue;
        texts.push_back(alarm.text);
        told = now;
    }
    return texts;
}

std::vector<std::string> Alarms::lines(const zones::Name* zone) const {
    std::vector<std::string> lines;
    for (const auto& [alarm, told] : entries_) {
        const bool own = zone == nullptr || !alarm.zone || *alarm.zone == *zone;
        const bool known = std::ranges::find(lines, alarm.line) != lines.end();
        if (own && !known) lines.push_back(alarm.line);
    }
    return lines;
}

}  // namespace control
