// SPDX-License-Identifier: Apache-2.0
#pragma once
// Keeps the last good form of each zone in the state folder: the text of its file and of the files
// that it includes, as they were when the zone went into service. A server that finds a zone file
// faulty at its start serves the kept form. There is one file for each zone file, written whole or
// not at all:
//
//   isochrone-zone 1
//   zone NAME
//   kept SECONDS                            since 1970
//   file OCTETS CHANGED INODE DEVICE PATH   a line each, the zone's own file first; CHANGED in ns
//   (an empty line, then the octets of all files, one after the other)

#include "dnsd/loading/file_state.hpp"
#include "geo/base/clock.hpp"
#include "geo/base/file_text.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/zone.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace control {

/// A file of a zone, as it was when it was read.
struct ZonePart {
    std::string path;
    FileState state;
};

/// Reads files from the disk, and notes which.
class NotedFiles final : public zones::FilesOnDisk {
 public:
    [[nodiscard]] std::optional<std::string> read(const std::string& path,
                                                  geo::Problems& problems) override;
    /// Returns the files in the order in which they were read.
    [[nodiscard]] std::vector<ZonePart> take() { return std::move(parts_); }

 private:
    std::vector<ZonePart> parts_;
};

/// Any thread may use it. Relative paths start at the current folder of the process.
class KeptZones {
 public:
    /// `folder` is in the state folder. The first zone that is kept makes it.
    explicit KeptZones(std::string folder) : folder_{std::move(folder)} {}

    /// Finds what an earlier server has kept. Leaves alone what it cannot read.
    void open();
    [[nodiscard]] bool empty() const;
    /// Returns the zone files that have a kept form, as absolute paths.
    [[nodiscard]] std::vector<std::string> paths() const;
    /// The name of the zone that is kept for a file, and since when.
    struct Form {
        std::string zone;
        std::chrono::sys_seconds kept;
    };
    /// Returns nothing if no zone is kept for the file.
    [[nodiscard]] std::optional<Form> find(const std::string& path) const;
    /// Reads the zone that is kept for a file. Null if none is kept, or, with a problem, if its
    /// text gives no zone any more.
    [[nodiscard]] std::shared_ptr<const zones::Zone> load(const std::string& path,
                                                          geo::Problems& problems) const;

    /// Makes the next write() keep this form. Does nothing if it is the kept form already.
    void keep(const std::string& path, const std::string& zone, std::vector<ZonePart> parts);
    /// Makes the next write() remove the kept form: the file was taken away on purpose.
    void forget(const std::string& path);
    /// True if write() has anything to do.
    [[nodiscard]] bool due(geo::Time now) const;
    /// Writes and removes forms, and waits for the disk. After writing a zone, waits 20 times as
    /// long as that took before it writes the zone again; a `now` far ahead skips this wait.
    /// Returns what went wrong; empty if nothing did.
    [[nodiscard]] std::string write(geo::Time now);

 private:
    struct Kept {
        Form form;
        std::vector<ZonePart> parts;
        std::uint64_t head = 0;  // octets before the texts of the files
    };
    struct Wanted {
        std::string zone;
        std::vector<ZonePart> parts;  // none: to be forgotten
    };

    [[nodiscard]] std::string file_of(const std::string& path) const;
    void do_one(const std::string& path, const Wanted& wanted, std::string& fault);

    std::string folder_;
    mutable std::mutex mutex_;
    std::map<std::string, Kept> kept_;  // by path, as the next two
    std::map<std::string, Wanted> wanted_;
    std::map<std::string, geo::Time> not_before_;
};

}  // namespace control
