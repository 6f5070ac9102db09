// SPDX-License-Identifier: Apache-2.0
#pragma once
// `isochrone explain`: asks the server that runs, as its answers come of what it has measured and
// checked. Without one, or where files are named, those are read.

#include "dnsd/config/config.hpp"

#include <string>

struct ExplainFlags {
    std::string name;
    std::string asker;         // address or prefix
    bool offline = false;      // read the files of the settings, whatever runs
    bool files_named = false;  // on the command line: zones or databases
};

/// Prints, and returns the exit status.
[[nodiscard]] int explain(const control::Config& config, const ExplainFlags& flags);
