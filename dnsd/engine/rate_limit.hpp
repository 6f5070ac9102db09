// SPDX-License-Identifier: Apache-2.0
#pragma once
// Response rate limiting: bounds the answers of one kind to one network over UDP, so that nobody
// can make this server flood a third party under that party's address. A network is a /24 or a /56.
// A kind is one name that exists, or all names of a zone that do not exist. Errors also have a
// limit over all networks together: few clients need them, and malformed queries may come from any
// number of addresses.
//
// Each answering thread has one table of fixed size: no lock, no allocation, one cache line an
// answer, two an error. A debt is the time at which everything sent will have been paid for, so
// that debts end by themselves. A kind has four possible places and takes the one with the least
// debt. A flood of other kinds therefore cannot push out a kind that is being limited. A random key
// decides where kinds fall. The chances:
//   - a kind is counted together with another one in the table with a chance of 2^-40;
//   - with 16,384 kinds in debt at once, one of 230 loses its own debt, the smallest, and begins
//     anew.

#include "geo/base/sip_hash.hpp"
#include "geo/place/address.hpp"
#include "geo/place/network.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace engine {

/// The limits as an operator sets them, for a whole server.
struct RateSettings {
    unsigned per_second = 200;  // answers of one kind to one network; 0: no limits at all
    unsigned errors_per_second = 50;
    unsigned all_errors_per_second = 1000;  // to all networks together; 0: no such limit
    unsigned slip = 2;  // each slip-th answer over the limit is not dropped; 0: all are dropped
    std::vector<geo::Prefix> exempt{};  // networks without a limit
};

/// The limit for one kind in one thread.
struct RateLimit {
    std::chrono::nanoseconds every{};  // time between answers in the long run
    std::chrono::nanoseconds depth{};  // how far ahead of that answers may be

    [[nodiscard]] bool none() const noexcept { return every.count() == 0; }
};

/// The limits of one thread. By default nothing is limited.
struct RateLimits {
    RateLimit answers;
    RateLimit errors;
    RateLimit all_errors;
    unsigned slip = 0;
    std::vector<geo::Prefix> exempt{};
};

/// Returns an equal share of the settings for each of `threads` threads, over which the system
/// spreads queries by address and port. A thread passes at once what has accrued in a second, and
/// at least ten answers: clients are spread unevenly where shares are small.
[[nodiscard]] RateLimits rate_limits(const RateSettings& settings, std::size_t threads);

enum class AnswerKind : std::uint8_t { Positive, Referral, NoData, NxDomain, Error };

/// Identifies the answers that are counted together, within one kind of answer.
struct RateKey {
    std::uint64_t network = 0;
    std::uint64_t name = 0;
};

/// Makes a key. `zone` and `node` are any numbers that tell zones, and names in a zone, apart.
[[nodiscard]] constexpr RateKey rate_key(const geo::Address& client, std::uintptr_t zone = 0,
                                         std::uint32_t node = 0) noexcept {
    const auto network = static_cast<std::uint64_t>(geo::client_network(client).address.bits >> 64);
    return {.network = network | static_cast<std::uint64_t>(client.family),
            .name = zone * 0x9E3779B97F4A7C15 + node * 0xD6E8FEB86659FD93};
}

/// Stands for all networks together: no client's network has this key.
constexpr RateKey everyone{.network = ~std::uint64_t{0}, .name = 0};

class RateLimiter {
 public:
    enum class Action : std::uint8_t {
        Pass,
        Slip,  // over the limit, but the client is to learn of it
        Drop
    };

    /// Takes a random key. The table's memory is not touched before it is needed.
    RateLimiter();
    explicit RateLimiter(const geo::SipKey& secret);

    /// Returns the place where a key is counted. Two folded products with secret factors: nobody
    /// who lacks these can choose where a network falls.
    [[nodiscard]] std::uint64_t place_of(const RateKey& key) const noexcept {
        const auto fold = [](std::uint64_t a, std::uint64_t b) {
            const auto product = geo::Bits{a} * b;
            return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
        };
        return fold(fold(key.network ^ secret_.low, key.name ^ secret_.high) ^ secret_.high,
                    secret_.low | 1);
    }

    /// Prefetches the memory of a place that will be checked soon, and does not wait for it.
    void expect(std::uint64_t place) const noexcept { __builtin_prefetch(&table_[place >> 50], 1); }

    /// Counts one answer. `now` is any time that moves forward. A clock that is set back clears
    /// what has been counted, and makes nobody wait longer than two seconds.
    [[nodiscard]] Action check(std::uint64_t place, AnswerKind kind, std::chrono::nanoseconds now,
                               const RateLimit& limit, unsigned slip) noexcept {
        auto& debt = debt_of(place, kind);
        const auto time = now.count();
        const auto latest = time + limit.depth.count();
        if (debt.paid_at < time || debt.paid_at > latest + clock_slack) debt.paid_at = time;
        if (debt.paid_at + limit.every.count() <= latest) {
            debt.paid_at += limit.every.count();
            return Action::Pass;
        }
        debt.tag_and_count =
            (debt.tag_and_count & tag_bits) | ((debt.tag_and_count + 1) & ~tag_bits);
        const auto count = debt.tag_and_count & ~tag_bits;
        return slip != 0 && count % slip == 0 ? Action::Slip : Action::Drop;
    }

    static constexpr std::size_t slots = 65536;  // of 16 octets: 1 MiB

 private:
    static constexpr std::int64_t clock_slack = 1'000'000'000;
    static constexpr std::uint64_t tag_bits = ~std::uint64_t{0xFF};
    static constexpr std::size_t ways = 4;
    struct Debt {
        std::int64_t paid_at = 0;         // nanoseconds
        std::uint64_t tag_and_count = 0;  // the last 8 bits count the answers over the limit
    };
    struct alignas(64) Set {
        Debt debts[ways];
    };
    static constexpr std::size_t sets = slots / ways;
    struct Unmap {
        void operator()(Set* table) const noexcept;
    };

    [[nodiscard]] Debt& debt_of(std::uint64_t place, AnswerKind kind) noexcept {
        auto& set = table_[place >> 50];
        const auto tag = (place & tag_bits) ^ static_cast<std::uint64_t>(kind) << 8;
        auto* least = &set.debts[0];
        for (auto& debt : set.debts) {
            if ((debt.tag_and_count & tag_bits) == tag) return debt;
            if (debt.paid_at < least->paid_at) least = &debt;
        }
        *least = {.paid_at = 0, .tag_and_count = tag};
        return *least;
    }
    static_assert(sets == std::size_t{1} << (64 - 50));

    geo::SipKey secret_;
    std::unique_ptr<Set[], Unmap> table_;
};

}  // namespace engine
