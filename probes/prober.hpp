// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whom to measure next: networks in use that lack a fresh measurement of this node's. Those that do
// not answer are asked less and less. Pure: candidates and time are the caller's.

#include "geo/address.hpp"
#include "geo/population.hpp"
#include "probes/network_table.hpp"
#include "probes/tracker.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>

namespace probes {

/// A network that could be measured, by asking an address that was seen there.
struct Candidate {
    geo::Population population = geo::Population::Clients;
    geo::Address address;
    Time seen;                     // in use, by whichever node
    std::optional<Time> measured;  // by this node
};

class Prober {
 public:
    struct Limits {
        std::chrono::minutes in_use{24 * 60};           // since when a network counts as in use
        Clock::duration fresh = std::chrono::hours{1};  // how long a measurement is good
        std::chrono::minutes first_rest{60};  // after no answer; doubled after each further one
        std::chrono::minutes longest_rest{7 * 24 * 60};
        std::size_t silent = 100'000;  // networks that did not answer and are remembered
        std::size_t queue = 10'000;
    };
    Prober() : Prober{Limits{}} {}
    explicit Prober(const Limits& limits) : limits_{limits} {}

    /// Replaces what is to be done: those never measured first, then those measured longest ago.
    /// What is not on the internet, not in use, fresh or resting is left out.
    void consider(std::span<const Candidate> candidates, Time now);
    /// The next one to measure; nothing when all is done.
    [[nodiscard]] std::optional<Candidate> next();
    [[nodiscard]] std::size_t waiting() const noexcept { return queue_.size(); }

    void answered(const Candidate& candidate);
    void unanswered(const Candidate& candidate, Time now);

 private:
    struct Silence {
        Time until;
        std::uint32_t count = 0;
    };
    [[nodiscard]] bool wanted(const Candidate& candidate, Time now) const;
    [[nodiscard]] NetworkTable<Silence>& silent(geo::Population population) {
        return silent_.at(static_cast<std::size_t>(population));
    }
    void make_room(NetworkTable<Silence>& silent) const;

    Limits limits_;
    std::deque<Candidate> queue_;
    std::array<NetworkTable<Silence>, 2> silent_;  // by population
};

}  // namespace probes
