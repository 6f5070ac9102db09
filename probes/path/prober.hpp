// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whom to measure next: networks in use that lack a fresh measurement of this node's. Those that do
// not answer are asked less and less. Of ten turns clients have five, resolvers four, and one is left
// for addresses that anybody may have made up; nobody's turn is lost when he has nothing to be asked.
// So however many networks of one kind there are, the others' are asked. Pure: candidates and time are
// the caller's.

#include "geo/base/clock.hpp"
#include "geo/place/address.hpp"
#include "geo/place/population.hpp"
#include "probes/path/network_table.hpp"

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
    bool claimed = false;          // nothing shows that this address has asked anything
};

class Prober {
 public:
    struct Limits {
        std::chrono::minutes in_use{24 * 60};           // since when a network counts as in use
        Clock::duration fresh = std::chrono::hours{1};  // how long a measurement is good
        std::chrono::minutes first_rest{60};  // after no answer; doubled after each further one
        std::chrono::minutes longest_rest{7 * 24 * 60};
        // Of each kind: networks that did not answer and are remembered, and those that wait.
        std::size_t silent = 100'000;
        std::size_t queue = 10'000;
    };
    Prober() : Prober{Limits{}} {}
    explicit Prober(const Limits& limits) : limits_{limits} {}

    /// Replaces what is to be done: of each kind those never measured first, then those measured
    /// longest ago. What is not on the internet, not in use, fresh or resting is left out.
    void consider(std::span<const Candidate> candidates, Time now);
    /// The next one to measure; nothing when all is done.
    [[nodiscard]] std::optional<Candidate> next();
    [[nodiscard]] std::size_t waiting() const noexcept;

    void answered(const Candidate& candidate);
    void unanswered(const Candidate& candidate, Time now);

 private:
    enum class Kind : std::uint8_t { Client, Resolver, Claimed };
    static constexpr std::size_t kinds = 3;
    [[nodiscard]] static Kind kind_of(const Candidate& candidate) noexcept;
    struct Silence {
        Time until;
        std::uint32_t count = 0;
    };
    struct Side {
        std::deque<Candidate> queue;
        NetworkTable<Silence> silent;
    };
    [[nodiscard]] Side& side(Kind kind) { return sides_[static_cast<std::size_t>(kind)]; }
    [[nodiscard]] bool wanted(const Candidate& candidate, Time now) const;
    void make_room(NetworkTable<Silence>& silent) const;

    Limits limits_;
    std::array<Side, kinds> sides_;
    std::size_t turn_ = 0;
};

}  // namespace probes
