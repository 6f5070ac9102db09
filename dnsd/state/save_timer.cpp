// SPDX-License-Identifier: Apache-2.0
#include "dnsd/state/save_timer.hpp"

#include <chrono>
#include <utility>

namespace control {
namespace {

constexpr std::chrono::milliseconds gather_changes{300};
constexpr std::chrono::seconds save_every{30};

}  // namespace

SaveTimer::SaveTimer(boost::asio::io_context& context, std::function<void()> save)
    : save_{std::move(save)}, soon_timer_{context}, regular_timer_{context} {
    regularly();
}

void SaveTimer::soon() {
    if (asked_) return;
    soon_timer_.expires_after(gather_changes);
    soon_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        asked_ = false;
        save_();
    });
    asked_ = true;
}

/// Saves without changes too: the age of a state counts from when the server last knew it to hold.
void SaveTimer::regularly() {
    regular_timer_.expires_after(save_every);
    regular_timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (cancelled) return;
        regularly();  // first, so that it goes on after an exception
        soon();
    });
}

}  // namespace control
