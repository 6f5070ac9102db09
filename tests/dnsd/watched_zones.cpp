// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/watched_zones.hpp"

#include "tests/dnsd/world.hpp"

#include <utility>

namespace support {

WatchedZones::WatchedZones()
    : health{std::make_unique<control::Health>(
          context, [this](std::string text) { saved.push_back(std::move(text)); })} {}

std::string WatchedZones::file_check(std::string_view edge, std::string_view more) const {
    return R"("check": {"file": ")" + folder.path(edge) + "\"" + std::string{more} + "}";
}

std::string WatchedZones::zone(std::string_view name, std::initializer_list<const char*> edges,
                               std::string_view members) const {
    std::string list;
    std::string names;
    int number = 0;
    for (const auto* edge : edges) {
        const std::string separator = number++ == 0 ? "" : ", ";
        list += separator + '"' + edge + R"(": {"addresses": "192.0.2.)" + std::to_string(number) +
                "\", " + file_check(edge, R"(, "interval": "200ms")") + "}";
        names += separator + '"' + edge + '"';
    }
    return zone_text(name, R"("@": {"steer": {"all": [)" + names + "]}}",
                     std::string{members} + R"("edges": {)" + list + "}");
}

void WatchedZones::attach(const std::vector<std::string>& texts) {
    catalog = with_boards(World{texts}, 2).snapshot.catalog;
    health->attach(catalog);
}

}  // namespace support
