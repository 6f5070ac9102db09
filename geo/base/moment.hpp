// SPDX-License-Identifier: Apache-2.0
#pragma once
// An instant on every clock there is, so that a later process can tell how long ago it was. The
// clock that nobody sets (steady) begins anew with each boot; the one that does not (wall) is set
// at will.

#include "geo/base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace probes {

struct Moment {
    Time steady;
    std::chrono::seconds since_boot{0};  // time asleep included, which steady leaves out
    std::string boot_id;                 // another one after each boot; empty when there is none
    std::chrono::seconds wall{0};        // since 1970
};

[[nodiscard]] Moment now();

/// From `earlier` to `later`: by the time since boot when both are of one boot, so that a wall
/// clock that jumps changes nothing, else by the wall clock. Nothing when it is negative or more
/// than ten years: then a clock is wrong, and nobody knows.
[[nodiscard]] std::optional<std::chrono::seconds> elapsed(const Moment& earlier,
                                                          const Moment& later) noexcept;

}  // namespace probes
