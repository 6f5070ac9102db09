// SPDX-License-Identifier: Apache-2.0
#pragma once
// The measurements of a process for the next one, as text with one line per network.
//
//   isochrone-measurements 2
//   written 2795 b235fc03-58d4-4d9b-81f4-8267f86d2e21 1795530581
//   203.0.113.0/24 AGE_MS ROUND_TRIP_US VARIATION_US SAMPLES REPEATED_PPM RATE ADDRESS SEEN_AGE_MS
//   end
//
// ADDRESS is one that was seen in the network; "-" stands for both ADDRESS and SEEN_AGE_MS where
// none was. The format "isochrone-clients 1", which has neither, is read too.

#include "geo/base/moment.hpp"
#include "probes/path/measurements.hpp"

#include <string>
#include <string_view>

namespace probes {

[[nodiscard]] std::string write_measurements(const Measurements& measurements, const Moment& at);

/// Adds what the text says to `measurements`, whatever octets it has. What is damaged or older than
/// `max_age` is left out. Returns in a sentence what is wrong; empty when all is well.
[[nodiscard]] std::string read_measurements(std::string_view text, const Moment& at,
                                            std::chrono::seconds max_age,
                                            Measurements& measurements);

}  // namespace probes
