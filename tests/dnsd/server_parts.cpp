// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/server_parts.hpp"

#include "tests/dnsd/world.hpp"

#include <utility>

namespace support {
namespace {

control::Config config_with(std::optional<control::NodeSettings> node) {
    control::Config config;
    config.node = std::move(node);
    return config;
}

}  // namespace

ServerParts::ServerParts(std::optional<control::NodeSettings> node)
    : config{config_with(std::move(node))},
      link{world.context,
           config.node,
           maker.snapshots(),
           nobody,
           {.health = [](const auto&, const auto&) {},
            .drains = [](const auto&, const auto&) {},
            .measurements =
                [this](const std::string&, transfer::Changes changes,
                       const transfer::Backlog::Hold&) {
                    measured.push_back(std::move(changes));
                }}} {}

ServerParts::~ServerParts() {
    background.join();
}

zones::Catalog ServerParts::catalog(const std::vector<std::string>& texts) {
    auto served = with_boards(World{texts}, 2).snapshot.catalog.zones();
    for (auto& zone : served) {
        if (zone.zone->edges().empty()) zone.board.reset();
    }
    return zones::Catalog{std::move(served)};
}

}  // namespace support
