// SPDX-License-Identifier: Apache-2.0
#pragma once
// One attempt of the past, as people are shown it.

#include "probes/check/tracker.hpp"

#include <chrono>
#include <string>

namespace probes {

struct Attempt {
    Time at;  // when it began
    Verdict verdict = Verdict::NoWord;
    std::chrono::microseconds round_trip{0};  // zero when it means nothing
    std::string text;       // a few words; may come from a remote server, and have any octets
    bool connected = true;  // false: nothing could be connected to
};

}  // namespace probes
