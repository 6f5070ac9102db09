// SPDX-License-Identifier: Apache-2.0
#pragma once
// An instant on every clock there is, so that a later process can tell how long ago it was. The
// steady clock cannot be set, but begins anew with each boot. The wall clock goes on across boots,
// but can be set at will.

#include "geo/base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace probes {

struct Moment {
    Time steady;
    std::chrono::seconds since_boot{0};  // includes time asleep, which steady leaves out
    std::string boot_id;                 // differs after each boot; empty when there is none
    std::chrono::seconds wall{0};        // since 1970
};

[[nodiscard]] Moment now();

/// Returns the time from `earlier` to `later`. Within one boot it is the difference of the times
/// since boot, so a wall clock that jumps changes nothing; otherwise it is the difference of the
/// wall clocks. Returns nothing when the difference is negative or more than ten years: then a
/// clock is wrong, and the time is unknown.
[[nodiscard]] std::optional<std::chrono::seconds> elapsed(const Moment& earlier,
                                                          const Moment& later) noexcept;

}  // namespace probes
