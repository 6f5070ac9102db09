// SPDX-License-Identifier: Apache-2.0
#pragma once
// What this node tells the others about the edges: its own views, as records by owner. A record
// changes only when a state changes. Pure: time is the caller's.

#include "geo/base/moment.hpp"
#include "probes/check/tracker.hpp"
#include "probes/health/health_record.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace probes {

class ToldHealth {
 public:
    /// An edge with checks, as this node sees it.
    struct Seen {
        std::string_view edge;
        State state = State::Unknown;
        Time since;
        std::optional<std::uint64_t> check{};  // asked_digest()
    };
    /// Whether this node takes itself for cut off.
    enum class Contact : std::uint8_t { Connected, CutOff };

    /// Tells about these edges, and no others, from now on. True if any record changes.
    bool tell(std::span<const Seen> edges, Contact contact, Time now, std::chrono::seconds wall);
    [[nodiscard]] const HealthLines& records() const noexcept { return records_; }

 private:
    struct ToldState {
        State state;
        Time since;
        std::chrono::seconds
            wall;  // since 1970, as it was first told: clocks that drift change nothing
        bool operator==(const ToldState&) const = default;
    };

    std::map<std::string, ToldState, std::less<>> known_;  // by edge
    HealthLines records_;
};

}  // namespace probes
