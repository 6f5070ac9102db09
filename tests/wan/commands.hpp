// SPDX-License-Identifier: Apache-2.0
#pragma once
// The words by which a network is told what to be. One command a line:
//
//   site NAME PREFIX…            a site and its addresses
//   set FROM TO QUALITY…         one direction: delay=40ms jitter=1ms loss=0.1% rate=50mbit queue=50ms
//   pair ONE OTHER QUALITY…      the same for both directions
//   cut SITE, join SITE
//   count                        what has passed until now, as key=value

#include "tests/wan/network.hpp"

#include <string>
#include <string_view>

namespace wan {

/// Obeys one line. The reply: "done", or what was asked for. Throws std::invalid_argument, and
/// changes nothing, when the line cannot be obeyed.
std::string obey(std::string_view line, Network& network);

}  // namespace wan
