// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/beat.hpp"

#include "dnsd/loading/problem_log.hpp"
#include "dnsd/threads/cpus.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace control {
namespace {

constexpr int rest_after_telling = 49;  // times as long as it took

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

Beat::Beat(boost::asio::io_context& context, Parts parts, std::chrono::milliseconds interval,
           Show show)
    : parts_{parts}, interval_{interval}, show_{std::move(show)}, timer_{context} {}

void Beat::start() {
    if (parts_.loader.steering() != nullptr) go_on();
}

void Beat::go_on() {
    timer_.expires_after(interval_);
    timer_.async_wait([this](const boost::system::error_code& fault) {
        if (fault) return;
        go_on();  // first, so that it goes on after an exception
        note_peers();
        parts_.link.compare_zones();
        if (probes::Clock::now() >= next_telling_ && !parts_.link.own_measurements_wait()) tell();
        steer();
    });
}

void Beat::note_peers() {
    for (const auto& peer : parts_.link.sharing().peers()) {
        peer.data == transfer::PeerStatus::Data::Fresh ? parts_.health.peer_reached(peer.name)
                                                       : parts_.health.peer_lost(peer.name);
    }
}

/// Checks wait while 100,000 networks are gone through, so that must not be often.
void Beat::tell() {
    const auto begun = probes::Clock::now();
    parts_.link.tell_measured(parts_.measuring.told());
    next_telling_ = probes::Clock::now() + rest_after_telling * (probes::Clock::now() - begun);
}

void Beat::hear(std::string edge, transfer::Changes changes, transfer::Backlog::Hold hold) {
    parts_.loads.run("hearing", [this, edge = std::move(edge), changes = std::move(changes),
                                 hold = std::move(hold)] {
        try {
            run_giving_way([&] {
                auto& steering = *parts_.loader.steering();
                if (changes.all_removed) steering.forget(edge);
                steering.hear(edge, changes.set, changes.removed);
            });
        } catch (const std::exception& escaped) {  // no memory, say
            spdlog::error("not all that {} tells is known: {}", edge, escaped.what());
        }
    });
}

/// Unless the last time is not over yet.
void Beat::steer() {
    if (steering_) return;
    parts_.loads.bring<Steered>([this](Steered& steered) { steer_by(steered); },
                                [this](Outcome<Steered>& steered) { take(steered); });
    steering_ = true;
}

void Beat::steer_by(Steered& steered) {
    run_giving_way([&] {
        steered.catalog = parts_.loader.steer(steered.problems);
        if (steered.catalog) steered.others = candidates(parts_.loader.steering()->store());
        parts_.keeper.tend_measurements();
    });
}

void Beat::take(Outcome<Steered>& steered) {
    steering_ = false;
    log(steered.value.problems);
    if (steered.failure) return spdlog::error("not steered: {}", *steered.failure);
    if (!steered.value.catalog) return;
    show_(std::move(*steered.value.catalog));
    parts_.measuring.set_candidates(std::move(steered.value.others));
}

}  // namespace control
