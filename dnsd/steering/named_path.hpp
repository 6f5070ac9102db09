// SPDX-License-Identifier: Apache-2.0
#pragma once
// The way to one address, and whose address it is: a landmark's, another edge's or that of home.

#include "dnsd/sockets/endpoint.hpp"
#include "geo/place/coordinates.hpp"
#include "probes/path/path_record.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace control {

struct NamedPath {
    enum class Kind : std::uint8_t { Landmark, Edge, Home };
    Kind kind = Kind::Landmark;
    std::string name;  // empty for home
    net::Endpoint to;  // port 0: asked by echo
    std::optional<geo::Coordinates> place;
    std::optional<probes::Path> path;  // nothing before the first answer
};

}  // namespace control
