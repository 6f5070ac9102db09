// SPDX-License-Identifier: Apache-2.0
#pragma once
// A past attempt, in the form that is shown to people.

#include "probes/check/tracker.hpp"

#include <chrono>
#include <string>

namespace probes {

struct Attempt {
    Time at;  // when it began
    Verdict verdict = Verdict::NoWord;
    std::chrono::microseconds round_trip{0};  // zero when it means nothing
    std::string text;       // a few words; may come from a remote server, and contain any octets
    bool connected = true;  // false: no connection could be made
};

}  // namespace probes
