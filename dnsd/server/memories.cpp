// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/memories.hpp"

#include "dnsd/state/state_folder.hpp"
#include "probes/health/state_file.hpp"

#include <chrono>
#include <string>
#include <utility>

namespace control {
namespace {

constexpr std::chrono::minutes oldest_state{10};  // what was known longer ago is not known

geo::Result<void> restore_health(Health& health, const std::string& text) {
    std::string fault;
    health.restore(probes::read_state(text, probes::now(), oldest_state, fault), oldest_state);
    if (!fault.empty()) return geo::Error{std::move(fault)};
    return {};
}

}  // namespace

Memories memories_of(const Config& config, Health& health, RelayWatch& relay, Measuring& measuring,
                     SteeredLoader& loader) {
    Memories memories;
    memories.health = {
        .file = state_file_in(config.state),
        .restore = [&health](const std::string& text) { return restore_health(health, text); },
        .text = [&health] { return health.saved_text(); }};
    memories.regular = {
        {.file = clients_file_in(config.state),
         .restore = [&relay](const std::string& text) { return relay.restore(text); },
         .text = [&relay] { return relay.saved_text(); }},
        {.file = resolvers_file_in(config.state),
         .restore = [&measuring](const std::string& text) { return measuring.restore(text); },
         .text = [&measuring] { return measuring.saved_text(); }}};
    if (auto* steering = loader.steering()) {
        memories.measurements = {.file = latency_file_in(config.state),
                                 .restore =
                                     [steering, &node = config.node](const std::string& text) {
                                         return steering->restore(text, node->expire);
                                     },
                                 .text = [steering] { return steering->saved_text(); }};
    }
    return memories;
}

}  // namespace control
