// SPDX-License-Identifier: Apache-2.0
#pragma once
// The last good form of each zone, in the state folder: the text of its file and of those that it
// includes, as they were when the zone went into service. A server that finds a file faulty at its
// start serves what is kept of it. One file for each zone file, written whole or not at all:
//
//   isochrone-zone 1
//   zone NAME
//   kept SECONDS                            since 1970
//   file OCTETS CHANGED INODE DEVICE PATH   one line a file, the zone's own first; CHANGED in ns
//   (an empty line, then the octets of all files, one behind the other)

#include "dnsd/loading/file_state.hpp"
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

/// One file of a zone, as it was when it was read.
struct ZonePart {
    std::string path;
    FileState state;
};

/// Reads from the disk and notes what.
class NotedFiles final : public zones::FilesOnDisk {
 public:
    [[nodiscard]] std::optional<std::string> read(const std::string& path,
                                                  geo::Problems& problems) override;
    /// In the order in which they were read.
    [[nodiscard]] std::vector<ZonePart> take() { return std::move(parts_); }

 private:
    std::vector<ZonePart> parts_;
};

/// Any thread. Paths may be relative: they mean what they mean now.
class KeptZones {
 public:
    using Clock = std::chrono::steady_clock;

    /// `folder` is in the state folder; it is made when something is kept.
    explicit KeptZones(std::string folder) : folder_{std::move(folder)} {}

    /// Finds what an earlier server has kept. What cannot be read is left alone.
    void open();
    [[nodiscard]] bool empty() const;
    /// The zone files of which something is kept, as absolute paths.
    [[nodiscard]] std::vector<std::string> paths() const;
    /// The name of the zone that is kept of a file, and since when; nothing where none is.
    struct Form {
        std::string zone;
        std::chrono::sys_seconds kept;
    };
    [[nodiscard]] std::optional<Form> find(const std::string& path) const;
    /// Null, with a problem, when that is no zone any more.
    [[nodiscard]] std::shared_ptr<const zones::Zone> load(const std::string& path,
                                                          geo::Problems& problems) const;

    /// Has a form written by the next write(). Nothing happens when it is what is kept already.
    void keep(const std::string& path, const std::string& zone, std::vector<ZonePart> parts);
    /// The file was taken away on purpose: so is what is kept of it.
    void forget(const std::string& path);
    /// Whether write() has anything to do.
    [[nodiscard]] bool due(Clock::time_point now) const;
    /// Waits for the disk. A zone of which every second brings another form is not written each
    /// time, unless `now` is past all times. What went wrong, if anything did.
    [[nodiscard]] std::string write(Clock::time_point now);

 private:
    struct Kept {
        Form form;
        std::vector<ZonePart> parts;
        std::uint64_t head = 0;  // octets before those of the files
    };
    struct Wanted {
        std::string zone;
        std::vector<ZonePart> parts;  // none: it is to be forgotten
    };

    [[nodiscard]] std::string file_of(const std::string& path) const;
    void do_one(const std::string& path, const Wanted& wanted, std::string& fault);

    std::string folder_;
    mutable std::mutex mutex_;
    std::map<std::string, Kept> kept_;  // by path, as what follows
    std::map<std::string, Wanted> wanted_;
    std::map<std::string, Clock::time_point> not_before_;
};

}  // namespace control
