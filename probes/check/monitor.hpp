// SPDX-License-Identifier: Apache-2.0
#pragma once
// Asks every target again and again, each at its own interval, and keeps the results. Equal checks
// share one target, however many edges and zones have them. Control thread only.

#include "geo/base/lasting.hpp"
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
        bool early = false;  // to be asked now, with the next interval counted from now
        geo::Lasting asking;
    };
    static constexpr std::size_t max_attempts = 10;

    /// Called after each attempt. `turned`: the target's state has changed.
    using Listener = std::function<void(const Target& target, bool turned)>;

    Monitor(boost::asio::io_context& context, Listener listener);
    /// Attempts under way end, and the listener is not called for them.
    ~Monitor();
    Monitor(const Monitor&) = delete;
    Monitor& operator=(const Monitor&) = delete;

    /// Takes over what an earlier process knew, for targets that are first watched before
    /// `good_until`. After that, the knowledge is too old.
    void restore(std::vector<SavedTarget> known, Time good_until);
    /// Watches these checks, and no others. Targets already watched go on as they are. New ones are
    /// asked as soon as the io_context runs. They begin with the state of a watched target that
    /// asks the same of the same, at another interval, for example.
    void watch(std::span<const CheckPtr> checks);

    /// Restarts targets that an exception has left without anybody who asks. Call it now and then.
    void revive();

    /// Asks a target now, without waiting for its interval: another target's result has made this
    /// one urgent.
    void ask_now(const Target& target);

    /// Returns a target, valid until the next watch(). Null for what is not watched.
    [[nodiscard]] const Target* find(const std::string& key) const;
    /// True if every target has been asked at least once.
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
