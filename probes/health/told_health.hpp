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
    using Records = std::map<std::string, std::string>;  // owner to text; see health_record.hpp

    /// An edge with checks, as this node sees it.
    struct Seen {
        std::string_view edge;
        State state = State::Unknown;
        Time since;
        std::optional<std::uint64_t> check{};  // asked_digest()
    };
    enum class Place : std::uint8_t { Connected, CutOff };

    /// Tells about these edges, and no others, from now on. True if any record changes.
    bool tell(std::span<const Seen> edges, Place place, Time now, std::chrono::seconds wall);
    [[nodiscard]] const Records& records() const noexcept { return records_; }

 private:
    struct Known {
        State state;
        Time since;
        std::chrono::seconds
            wall;  // since 1970, as it was first told: clocks that drift change nothing
        bool operator==(const Known&) const = default;
    };

    std::map<std::string, Known, std::less<>> known_;  // by edge
    Records records_;
};

}  // namespace probes
