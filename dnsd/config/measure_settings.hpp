// SPDX-License-Identifier: Apache-2.0
#pragma once
// "measure" of isochrone.json.

#include "geo/place/address.hpp"
#include "geo/place/coordinates.hpp"
#include "probes/path/budget.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace control {

/// A public host whose place is known.
struct Landmark {
    std::string name;
    geo::Address address;
    geo::Coordinates place;
};

/// "measure" of the config.
struct MeasureSettings {
    bool active = false;  // false: nothing is sent to anybody
    probes::Budget::Limits limits;
    std::chrono::milliseconds refresh{3'600'000};  // after which a network is asked again
    std::chrono::milliseconds window{600'000};     // of the smallest round trip
    std::vector<Landmark> landmarks;
};

}  // namespace control
