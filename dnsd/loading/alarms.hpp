// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is wrong and stays so until somebody mends it: told in the log when it begins and each hour,
// and in `_probes` and `status` all the while. No I/O, no clock.

#include "zones/name/name.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace control {

struct Alarm {
    std::optional<zones::Name> zone;  // nothing: all zones
    std::string line;                 // of `_probes`: "alarm=zone_file_faulty …"
    std::string text;                 // of the log

    bool operator==(const Alarm&) const = default;
};

class Alarms {
 public:
    using Clock = std::chrono::steady_clock;

    /// Those that hold now.
    void set(std::vector<Alarm> alarms);
    /// The texts that are to be logged now: of what is new, and once an hour of all.
    [[nodiscard]] std::vector<std::string> due(Clock::time_point now);
    /// Of a zone's `_probes`; of all zones without one.
    [[nodiscard]] std::vector<std::string> lines(const zones::Name* zone = nullptr) const;

 private:
    struct Entry {
        Alarm alarm;
        std::optional<Clock::time_point> told;
    };
    std::vector<Entry> entries_;
};

}  // namespace control
