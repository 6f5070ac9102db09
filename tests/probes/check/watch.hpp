// SPDX-License-Identifier: Apache-2.0
#pragma once
// A monitor that runs, and what it has told.

#include "probes/check/monitor.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace probes_test {

constexpr std::chrono::milliseconds usual_interval{200};

/// Checks that one result turns.
[[nodiscard]] probes::CheckPtr file_check(const std::string& path,
                                          std::chrono::milliseconds interval = usual_interval);
[[nodiscard]] probes::CheckPtr tcp_check(std::uint16_t port,
                                         std::chrono::milliseconds interval = usual_interval);

/// A monitor, what it has told, and the time that goes by.
class Watch {
 public:
    struct Told {
        std::string key;
        probes::Verdict verdict = probes::Verdict::NoWord;
        bool turned = false;
        probes::Clock::time_point at;
    };

    void watch(const std::vector<probes::CheckPtr>& checks) { monitor->watch(checks); }
    /// Throws if it is not there after a minute.
    void run_until(const std::function<bool()>& there);
    void run_attempts(std::size_t count);
    [[nodiscard]] const probes::Monitor::Target& target(const probes::CheckPtr& check) const;
    [[nodiscard]] std::size_t told_of(const probes::CheckPtr& check) const;

    boost::asio::io_context context{1};
    std::vector<Told> told;
    std::unique_ptr<probes::Monitor> monitor = make_monitor();

 private:
    std::unique_ptr<probes::Monitor> make_monitor();
};

}  // namespace probes_test
