// SPDX-License-Identifier: Apache-2.0
#pragma once
// Faults that stay until somebody mends them. The log tells an alarm when it begins and every hour;
// `_probes` and `status` tell it all the while. No I/O, no clock.

#include "geo/base/clock.hpp"
#include "zones/name/name.hpp"

#include <optional>
#include <string>
#include <vector>

namespace control {

struct Alarm {
    std::optional<zones::Name> zone;  // nothing: for all zones
    std::string line;                 // for `_probes`: "alarm=zone_file_faulty …"
    std::string text;                 // for the log

    bool operator==(const Alarm&) const = default;
};

class Alarms {
 public:
    /// Sets the alarms that hold now.
    void set(std::vector<Alarm> alarms);
    /// Returns the texts to log now: those of new alarms, and each text again once an hour.
    [[nodiscard]] std::vector<std::string> due(geo::Time now);
    /// Returns the lines for a zone's `_probes`; for all zones if `zone` is null.
    [[nodiscard]] std::vector<std::string> lines(const zones::Name* zone = nullptr) const;

 private:
    struct ToldAlarm {
        Alarm alarm;
        std::optional<geo::Time> told;
    };
    std::vector<ToldAlarm> entries_;
};

}  // namespace control
