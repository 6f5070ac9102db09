// SPDX-License-Identifier: Apache-2.0
#include "probes/check/monitor.hpp"

#include "geo/base/nothrow.hpp"
#include "probes/check/probe.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <exception>
#include <utility>

namespace probes {
namespace {

namespace asio = boost::asio;
using geo::nothrow;

/// Attempts begin on a grid: a thread that wakes for several at once costs half of one that wakes
/// for each (500 targets a second, measured).
constexpr Clock::duration grid = std::chrono::milliseconds{20};

Time on_grid(Time time) {
    const auto beyond = time.time_since_epoch() % grid;
    return beyond == Clock::duration::zero() ? time : time + (grid - beyond);
}

}  // namespace

Monitor::Monitor(asio::io_context& context, Listener listener)
    : context_{context}, listener_{std::move(listener)} {}

Monitor::~Monitor() {
    watch({});
}

void Monitor::restore(std::vector<SavedTarget> known, Time good_until) {
    known_until_ = good_until;
    for (auto& [key, memory] : known) known_.insert_or_assign(std::move(key), std::move(memory));
}

void Monitor::watch(std::span<const CheckPtr> checks) {
    if (Clock::now() >= known_until_) known_.clear();
    std::map<std::string, Tracker::Memory> by_text;  // what asks the same of the same
    for (const auto& [key, target] : targets_)
        by_text.emplace(to_text(*target->check), target->tracker.memory());
    std::map<std::string, std::shared_ptr<Target>> kept;
    try {
        for (const auto& check : checks) {
            auto key = key_of(*check);
            if (kept.contains(key)) continue;
            if (auto known = targets_.extract(key)) {
                kept.insert(std::move(known));
                continue;
            }
            auto target = std::make_shared<Target>(context_, check, key);
            // A changed interval must not put an edge that is down into the answers.
            if (const auto alike = by_text.find(to_text(*check)); alike != by_text.end())
                target->tracker.restore(alike->second);
            if (auto known = known_.extract(key))
                target->tracker.restore(std::move(known.mapped()));
            kept.emplace(std::move(key), target);
            begin(target);
        }
    } catch (...) {  // no memory, say: all that was watched still is
        targets_.merge(kept);
        throw;
    }
    for (auto& [key, target] : std::exchange(targets_, std::move(kept))) {
        target->watched = false;
        target->beat.cancel();
    }
}

void Monitor::begin(const std::shared_ptr<Target>& target) {
    target->asking.begin(
        context_, [&] { return ask_for_ever(target); },
        [](const std::exception_ptr& escaped) {
            if (escaped) std::rethrow_exception(escaped);
        });
}

void Monitor::revive() {
    for (const auto& [key, target] : targets_) begin(target);
}

const Monitor::Target* Monitor::find(const std::string& key) const {
    const auto found = targets_.find(key);
    return found == targets_.end() ? nullptr : found->second.get();
}

bool Monitor::first_round_done() const {
    return std::ranges::none_of(targets_,
                                [](const auto& entry) { return entry.second->attempts.empty(); });
}

std::vector<SavedTarget> Monitor::memories() const {
    std::vector<SavedTarget> saved;
    for (const auto& [key, target] : targets_) saved.push_back({key, target->tracker.memory()});
    // A target that is not watched for a while, as with a faulty zone file at start, is not
    // forgotten.
    if (Clock::now() >= known_until_) return saved;
    for (const auto& [key, memory] : known_) saved.push_back({key, memory});
    return saved;
}

asio::awaitable<void> Monitor::ask_for_ever(std::shared_ptr<Target> target) {
    // Not within watch(): the listener would not find the target then.
    co_await asio::post(asio::use_awaitable);
    // The monitor may be gone whenever this resumes; `watched` tells.
    for (auto due = Clock::now(); target->watched;) {
        const auto asked = Clock::now();
        try {
            auto result = co_await run_check(target->check);
            if (!target->watched) co_return;
            record(*target, {.at = asked,
                             .verdict = result.verdict,
                             .round_trip = result.round_trip,
                             .text = std::move(result.text),
                             .connected = result.connected});
        } catch (const std::exception&) {
            // A lack of memory, for example, says nothing about the target; the next attempt may
            // succeed.
            if (!target->watched) co_return;
        }
        // Keeps its interval, but never catches up on missed attempts after the machine has slept.
        due = on_grid(std::max(due + next_interval(*target), Clock::now()));
        if (!target->early) {
            target->beat.expires_at(due);
            co_await target->beat.async_wait(nothrow);
        }
        if (std::exchange(target->early, false)) due = Clock::now();
    }
}

void Monitor::ask_now(const Target& target) {
    const auto found = targets_.find(target.key);
    if (found == targets_.end()) return;
    found->second->early = true;
    found->second->beat.cancel();
}

void Monitor::record(Target& target, Attempt attempt) {
    const bool turned = target.tracker.observe(attempt.verdict, Clock::now());
    target.attempts.push_front(std::move(attempt));
    if (target.attempts.size() > max_attempts) target.attempts.pop_back();
    listener_(target, turned);
}

/// Returns the interval, varied by chance so that the checks of many servers do not coincide. A
/// target that was up and has failed is asked again sooner: a death must be known within seconds.
Clock::duration Monitor::next_interval(const Target& target) {
    const auto& tracker = target.tracker;
    if (tracker.state() == State::Up && tracker.against() > 0) return retry_interval(*target.check);
    const auto interval = target.check->interval;
    if (target.attempts.size() == 1) {  // all that begin at once are spread over an interval
        std::uniform_int_distribution<std::int64_t> draw{interval.count() / 10, interval.count()};
        return std::chrono::milliseconds{draw(random_)};
    }
    const auto spread = interval.count() * target.check->jitter / 100;
    std::uniform_int_distribution<std::int64_t> draw{-spread, spread};
    return interval + std::chrono::milliseconds{draw(random_)};
}

}  // namespace probes
