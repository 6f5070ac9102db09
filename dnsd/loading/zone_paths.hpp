// SPDX-License-Identifier: Apache-2.0
#pragma once
// The paths at which the config says that zones are: files, and folders of files. Knows which files
// these are at the moment. A folder that cannot be read, or is empty, takes no zone out of service.

#include "dnsd/loading/kept_zones.hpp"
#include "geo/base/problem.hpp"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace control {

class ZonePaths {
 public:
    /// `paths` are files, or folders of files that end in .json or .zone.
    explicit ZonePaths(std::vector<std::string> paths);

    /// Kept forms tell which files were there when an earlier server ran. `kept` outlives this.
    void know_kept(const KeptZones& kept) { kept_ = &kept; }

    /// Returns the files of a folder from which zones are served.
    using ServedOutOf = std::function<std::vector<std::string>(const std::string& folder)>;
    /// Returns the files, sorted and each once. `served_out_of` is empty before any file is read.
    [[nodiscard]] std::vector<std::string> files(const ServedOutOf& served_out_of,
                                                 geo::Problems& problems) const;
    /// Returns the kept files that were taken away since the earlier server ended, where `files`
    /// are those that are there. Passes over a folder without any file: its volume may not be
    /// mounted yet.
    [[nodiscard]] std::vector<std::string> taken_away(const std::vector<std::string>& files) const;
    /// True if the file is of a folder that was there at the start.
    [[nodiscard]] bool in_folder(const std::string& file) const;

 private:
    [[nodiscard]] std::vector<std::string> kept_within(const std::string& folder) const;

    std::vector<std::string> paths_;
    std::set<std::string> folders_;  // those of paths_ that were folders at the start
    const KeptZones* kept_ = nullptr;
};

}  // namespace control
