// SPDX-License-Identifier: Apache-2.0
#pragma once
// The records in which a node tells the others what it has measured.

#include "dnsd/steering/named_path.hpp"
#include "geo/place/population.hpp"
#include "probes/path/measurement_line.hpp"
#include "probes/path/measurements.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace control {

/// A network seen within this time is in use. For the same time other nodes ask it.
constexpr std::chrono::hours in_use_for{24};

/// The records by their owners (probes/path/measurement_line.hpp).
using ToldRecords = std::map<std::string, probes::ToldMeasurement>;

/// Adds the networks of a population, at most so many; those measured last come first. Only those
/// in use come with an address to ask.
void tell_networks(const probes::Measurements& networks, geo::Population population,
                   std::size_t most, probes::Time now, ToldRecords& to);
/// Adds the paths that are known.
void tell_paths(std::span<const NamedPath> paths, ToldRecords& to);

}  // namespace control
