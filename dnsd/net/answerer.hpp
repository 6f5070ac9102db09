// SPDX-License-Identifier: Apache-2.0
#pragma once
// Answers queries that come as datagrams: a batch of queries in, a batch of answers out. It has no
// socket. Whoever receives the datagrams puts them into its places, and sends the answers. One
// thread at a time.
//
// While queries wait for an answer, it holds replies back that only tell a client that it is over
// the limit (HeldReplies). Whoever sends asks it when they must go out.

#include "dnsd/net/datagram.hpp"
#include "dnsd/net/held_replies.hpp"
#include "dnsd/net/server_view.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace net {

class Answerer {
 public:
    /// `seed` is for the random numbers of weighted answers; `lane` is where its answers are
    /// counted. `late` sends the answers that other threads find, and outlives these threads.
    Answerer(const ServerView& server, std::uint64_t seed, std::size_t lane, LateSender& late);
    ~Answerer();
    Answerer(const Answerer&) = delete;
    Answerer& operator=(const Answerer&) = delete;

    /// A place for each query of the next batch. Whoever puts a query there sets its `message`, its
    /// client's `address` and `now`; all else is set already.
    [[nodiscard]] std::span<engine::Query> places() noexcept;

    /// Answers the queries in the first places, one for each of `arrivals.from`. The answers are
    /// valid until the next call of this class; they refer to `arrivals.from`.
    [[nodiscard]] std::span<const Departure> answer(const Arrivals& arrivals) noexcept;
    /// Returns how many queries of the last batch got no answer, or only one that says that they
    /// are over the limit.
    [[nodiscard]] std::size_t refused() const noexcept { return refused_; }

    [[nodiscard]] bool holds_replies() const noexcept { return !held_.empty(); }
    /// True if held replies must go out after the last batch: nobody else waited, they have waited
    /// long enough, or more might not find room.
    [[nodiscard]] bool held_are_due() const noexcept { return due_; }
    /// Takes the oldest held replies, one batch at most. They are valid as answers are.
    [[nodiscard]] std::span<const Departure> take_held() noexcept;

    /// Lets go of an old snapshot. To be called now and then while no batch comes.
    void look_for_snapshot() { snapshot_.get(); }

 private:
    struct Memory;
    void defer(const engine::Query& query, const ReturnAddress& from) noexcept;

    LateSender& late_;
    engine::Observer& observer_;
    engine::SnapshotReader snapshot_;
    geo::Random random_;
    engine::RateLimiter limiter_;
    HeldReplies held_;
    std::unique_ptr<Memory> memory_;
    std::size_t refused_ = 0;
    bool due_ = false;
};

}  // namespace net
