// SPDX-License-Identifier: Apache-2.0
#pragma once
// Tells the service manager how the server is (sd_notify(3)): when it answers, what it serves and what
// is not well, when it reloads, when it ends. Where the unit has WatchdogSec, also that it still answers.
// Does nothing where NOTIFY_SOCKET is not set. Control thread only.

#include "dnsd/server/self_query.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace control {

class ServiceManager {
 public:
    /// `status` gives one line; `answers` outlives this.
    ServiceManager(std::function<std::string()> status, SelfQuery& answers);
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;

    /// The server answers from now on.
    void ready();
    /// Everything is loaded again. The end of it is to be told, whatever it comes to.
    void reloading();
    void reloaded();
    void stopping();

    /// Tells the status when it has changed, and, when it is time for that, that the server answers. To
    /// be called twice a second.
    void look();

 private:
    using Clock = std::chrono::steady_clock;
    void tell_status(const std::string& with);
    void watch();

    std::function<std::string()> status_;
    SelfQuery& answers_;
    std::string told_;
    Clock::time_point next_status_{};
    std::optional<Clock::duration> beat_;  // half of what the unit permits
    Clock::time_point next_beat_{};
    bool on_ = false;
    bool ready_ = false;
    bool reloading_ = false;
    bool asking_ = false;
};

}  // namespace control
