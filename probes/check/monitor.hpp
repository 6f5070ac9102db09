// SPDX-License-Identifier: Apache-2.0
#pragma once
// Asks every target again and again, each on a beat of its own, and keeps what it said. One target
// for equal checks, however many edges and zones have them. Control thread only.

#include "probes/check/attempt.hpp"
#include "probes/check/check.hpp"
#include "probes/check/tracker.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

namespace probes {

class Monitor {
 public:
    struct Target {
        Target(boost::asio::io_context& context, CheckPtr wanted, std::string its_key)
            : check{std::move(wanted)},
              key{std::move(its_key)},
              tracker{check->limits, Clock::now()},
              beat{context} {}

        CheckPtr check;
        std::string key;
        Tracker tracker;
        std::deque<Attempt> attempts;  // newest first, at most max_attempts
        boost::asio::steady_timer beat;
        bool watched = true;
        bool early = false;  // to be asked now, and on a beat that begins now
        bool lost = false;   // nobody asks it any more, for want of memory
    };
    static constexpr std::size_t max_attempts = 10;

    /// Called after each attempt. `turned`: its state is another one now.
    using Listener = std::function<void(const Target& target, bool turned)>;

    Monitor(boost::asio::io_context& context, Listener listener);
    /// Attempts under way end without a word to anybody.
    ~Monitor();
    Monitor(const Monitor&) = delete;
    Monitor& operator=(const Monitor&) = delete;

    /// What an earlier process knew, for targets that are watched from now on until `good_until`:
    /// what is watched only later was not asked for too long.
    void restore(std::vector<SavedTarget> known, Time good_until);
    /// Watches these, and no others. Those that are watched already go on as they are; new ones are
    /// asked as soon as the io_context runs on, and begin with the state of one that asked the same
    /// at another beat, say.
    void watch(std::span<const CheckPtr> checks);

    /// Begins again to ask those that an exception has left without anybody who asks: to be called
    /// now and then.
    void revive();

    /// Asks a target now rather than on its beat: what another one said makes its word urgent.
    void ask_now(const Target& target);

    /// Good until the next `watch`. Null for what is not watched.
    [[nodiscard]] const Target* find(const std::string& key) const;
    /// Whether every target has been asked at least once.
    [[nodiscard]] bool first_round_done() const;
    [[nodiscard]] std::vector<SavedTarget> memories() const;
    [[nodiscard]] std::size_t size() const noexcept { return targets_.size(); }

 private:
    void begin(const std::shared_ptr<Target>& target);
    boost::asio::awaitable<void> ask_for_ever(std::shared_ptr<Target> target);
    void record(Target& target, Attempt attempt);
    [[nodiscard]] Clock::duration next_interval(const Target& target);

    boost::asio::io_context& context_;
    Listener listener_;
    std::map<std::string, std::shared_ptr<Target>> targets_;
    std::map<std::string, Tracker::Memory> known_;  // means nothing from known_until_ on
    Time known_until_{};
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace probes
