// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/beat.hpp"

#include "dnsd/loading/problem_log.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace control {
namespace {

constexpr int rest_after_telling = 49;  // times as long as it took

}  // namespace

Beat::Beat(boost::asio::io_context& context, Loads& loads, Members members, Lessons lessons,
           std::chrono::milliseconds interval, Show show)
    : loads_{loads},
      members_{members},
      lessons_{std::move(lessons)},
      interval_{interval},
      show_{std::move(show)},
      timer_{context} {}

void Beat::start() {
    timer_.expires_after(interval_);
    timer_.async_wait([this](const boost::system::error_code& fault) {
        if (fault) return;
        start();  // first, so that it goes on after an exception
        note_peers();
        auto& link = members_.link;
        link.compare_zones();
        if (probes::Clock::now() >= next_telling_ && !link.own_measurements_wait()) tell();
        steer();
    });
}

void Beat::note_peers() {
    auto& health = members_.health;
    for (const auto& peer : members_.link.sharing().peers()) {
        peer.data == transfer::PeerStatus::Data::Fresh ? health.peer_reached(peer.name)
                                                       : health.peer_lost(peer.name);
    }
}

/// Checks wait while 100,000 networks are gone through, so that must not be often.
void Beat::tell() {
    const auto begun = probes::Clock::now();
    members_.link.tell_measured(members_.measuring.told());
    next_telling_ = probes::Clock::now() + rest_after_telling * (probes::Clock::now() - begun);
}

void Beat::hear(std::string edge, transfer::Changes changes, transfer::Backlog::Hold hold) {
    loads_.run("hearing", [this, edge = std::move(edge), changes = std::move(changes),
                           hold = std::move(hold)] { lessons_.hear(edge, changes); });
}

/// Unless the last time is not over yet.
void Beat::steer() {
    if (steering_) return;
    loads_.bring<Steered>([this](Steered& steered) { lessons_.steer(steered); },
                          [this](Outcome<Steered>& steered) { take(steered); });
    steering_ = true;
}

void Beat::take(Outcome<Steered>& steered) {
    steering_ = false;
    log(steered.value.problems);
    if (steered.failure) return spdlog::error("not steered: {}", *steered.failure);
    if (!steered.value.catalog) return;
    show_(std::move(*steered.value.catalog));
    members_.measuring.set_candidates(std::move(steered.value.others));
}

}  // namespace control
