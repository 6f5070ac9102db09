// SPDX-License-Identifier: Apache-2.0
#pragma once
// `isochrone check`: whether `serve` will do what files and settings say.

#include "dnsd/config/config.hpp"
#include "geo/base/problem.hpp"

#include <cstdint>

/// What stands in files is looked at always; what this machine has, where the files are its own.
enum class CheckScope : std::uint8_t { Files, Machine };

/// Prints what is good. All that is not goes to `problems`.
void check(const control::Config& config, CheckScope scope, geo::Problems& problems);
