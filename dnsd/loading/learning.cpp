// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/learning.hpp"

#include "dnsd/threads/cpus.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <exception>

namespace control {
namespace {

/// Networks that any node has seen, to be measured by this one.
std::vector<probes::Candidate> candidates(const probes::LatencyStore& store) {
    const auto wall = std::chrono::system_clock::now();
    const auto now = probes::Clock::now();
    std::vector<probes::Candidate> candidates;
    for (const auto& [population, address, seen] : store.sightings()) {
        candidates.push_back({.population = population,
                              .address = address,
                              .seen = now - std::max(probes::Clock::duration::zero(),
                                                     probes::Clock::duration{wall - seen}),
                              .measured = {}});
    }
    return candidates;
}

}  // namespace

void Learning::hear(const std::string& edge, const transfer::Changes& changes) {
    try {
        run_giving_way([&] {
            auto& steering = *loader_.steering();
            if (changes.all_removed) steering.forget(edge);
            steering.hear(edge, changes.set, changes.removed);
        });
    } catch (const std::exception& escaped) {  // no memory, say
        spdlog::error("not all that {} tells is known: {}", edge, escaped.what());
    }
}

void Learning::steer(Steered& steered) {
    run_giving_way([&] {
        steered.catalog = loader_.steer(steered.problems);
        if (steered.catalog) steered.others = candidates(loader_.steering()->store());
        tend_();
    });
}

}  // namespace control
