// SPDX-License-Identifier: Apache-2.0
#pragma once
// Chooses whom to measure next: networks in use without a fresh measurement by this node. Those
// that do not answer are asked less and less often. Of ten turns clients have five, resolvers four,
// and addresses that anybody may have made up have one. When a kind has nothing to ask, another
// kind uses its turn. So however many networks of one kind there are, the others are asked too.
// Pure: candidates and time are the caller's.

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
    Time seen;                     // when it was seen in use, by any node
    std::optional<Time> measured;  // by this node
    bool claimed = false;          // nothing shows that this address has asked anything
};

class Prober {
 public:
    struct Limits {
        std::chrono::minutes in_use{24 * 60};           // how long a network counts as in use
        Clock::duration fresh = std::chrono::hours{1};  // how long a measurement stays fresh
        std::chrono::minutes first_rest{60};  // after no answer; doubles with each further one
        std::chrono::minutes longest_rest{7 * 24 * 60};
        // For each kind: how many networks that did not answer are remembered, and how many wait.
        std::size_t silent = 100'000;
        std::size_t queue = 10'000;
    };
    Prober() : Prober{Limits{}} {}
    explicit Prober(const Limits& limits) : limits_{limits} {}

    /// Replaces the queue: for each kind, networks never measured come first, then those measured
    /// longest ago. Left out are networks that are not on the internet, not in use, freshly
    /// measured or resting.
    void consider(std::span<const Candidate> candidates, Time now);
    /// Returns the next candidate to measure; nothing when all is done.
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
