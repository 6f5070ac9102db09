// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/service_manager.hpp"

#include <cstdlib>
#include <ctime>
#include <utility>

#include <systemd/sd-daemon.h>

namespace control {
namespace {

// A word of each zone is gone through for the status.
constexpr std::chrono::seconds status_every{2};

/// The longest time without a sign of life, where the unit has one for this process.
std::optional<std::chrono::microseconds> permitted_silence() {
    std::uint64_t microseconds = 0;
    if (::sd_watchdog_enabled(0, &microseconds) <= 0) return std::nullopt;
    return std::chrono::microseconds{microseconds};
}

/// For units of Type=notify-reload, which compare it with the time of their signal.
std::string monotonic_microseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::to_string(std::uint64_t{1'000'000} * static_cast<std::uint64_t>(now.tv_sec) +
                          static_cast<std::uint64_t>(now.tv_nsec) / 1000);
}

/// Where nobody listens, there is nothing to be done about it.
void notify(const std::string& state) {
    static_cast<void>(::sd_notify(0, state.c_str()));
}

}  // namespace

ServiceManager::ServiceManager(std::function<std::string()> status, SelfQuery& answers)
    : status_{std::move(status)}, answers_{answers}, on_{std::getenv("NOTIFY_SOCKET") != nullptr} {
    if (const auto silence = permitted_silence(); on_ && silence) beat_ = *silence / 2;
}

void ServiceManager::ready() {
    ready_ = true;
    tell_status("READY=1\n");
    look();
}

void ServiceManager::reloading() {
    if (!on_ || reloading_) return;
    reloading_ = true;
    notify("RELOADING=1\nMONOTONIC_USEC=" + monotonic_microseconds());
}

void ServiceManager::reloaded() {
    if (std::exchange(reloading_, false)) tell_status("READY=1\n");
}

void ServiceManager::stopping() {
    if (on_) notify("STOPPING=1\nSTATUS=ending");
}

void ServiceManager::look() {
    if (!on_ || !ready_) return;
    if (Clock::now() >= next_status_ && !reloading_ && status_() != told_) tell_status({});
    if (beat_) watch();
}

void ServiceManager::tell_status(const std::string& with) {
    if (!on_) return;
    told_ = status_();
    next_status_ = Clock::now() + status_every;
    notify(with + "STATUS=" + told_);
}

/// A question that is lost is asked again at the next look.
void ServiceManager::watch() {
    const auto now = Clock::now();
    if (asking_ && answers_.answered()) {
        asking_ = false;
        notify("WATCHDOG=1");
    }
    if (!asking_ && now >= next_beat_) {
        next_beat_ = now + *beat_;
        answers_.begin();
        asking_ = true;
    }
    if (asking_) answers_.ask();
}

}  // namespace control
