// SPDX-License-Identifier: Apache-2.0
#pragma once
// The object "measure" of isochrone.json.

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

struct MeasureSettings {
    bool active = false;  // false: the server sends nothing in order to measure
    probes::Budget::Limits limits;
    std::chrono::milliseconds refresh{3'600'000};  // until a network in use is measured again
    std::chrono::milliseconds window{600'000};     // in which the smallest round trip counts
    std::vector<Landmark> landmarks;
};

}  // namespace control
