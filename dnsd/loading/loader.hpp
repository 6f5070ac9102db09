// SPDX-License-Identifier: Apache-2.0
#pragma once
// Loads zones and databases from files, and makes what is served of them. Keeps the last good state
// of each: a file that turns faulty takes nothing out of service, and does not keep other files
// from loading.

#include "dnsd/config/config.hpp"
#include "dnsd/loading/alarms.hpp"
#include "dnsd/loading/file_state.hpp"
#include "dnsd/loading/kept_zones.hpp"
#include "dnsd/loading/load_progress.hpp"
#include "dnsd/loading/policy_maps.hpp"
#include "dnsd/loading/zone_paths.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/catalog.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace control {

/// True if a check of the zone's edges is a program.
[[nodiscard]] bool runs_programs(const zones::Zone& zone);

class Loader {
 public:
    /// `zones` are files, or folders of files that end in .json or .zone. Zones that have edges get
    /// a board with `lanes` lanes; 0: no boards.
    Loader(std::vector<std::string> zones, geo::SourceFiles sources, std::size_t lanes = 0);

    /// Keeps the last good form of each zone in `kept`, and serves that form of a file that has not
    /// been good since the start. `kept` outlives this.
    void keep_in(KeptZones& kept) {
        kept_ = &kept;
        paths_.know_kept(kept);
    }

    /// Reads what has changed since the last call; at the first call, everything. Appends faults
    /// and warnings to `problems`. The catalog is never worse than the one before.
    [[nodiscard]] zones::Catalog load(geo::Problems& problems);
    /// The two halves of load(). read() reads zones from their files, after which zone() finds
    /// them. serve() makes the catalog of them. In between, the caller can adapt to the new zones
    /// what maps are made by.
    [[nodiscard]] PolicyMaps::DatabaseNews read(geo::Problems& problems);
    [[nodiscard]] zones::Catalog serve(geo::Problems& problems);
    /// Returns the last good form of a zone; null if there is none. Valid until the next read().
    [[nodiscard]] const zones::Zone* zone(const zones::Name& apex) const;

    /// Returns an alarm for each zone that is not served as its file is now, and one if databases
    /// are faulty: then clients are located as before, or with fewer databases.
    [[nodiscard]] const std::vector<Alarm>& alarms() const noexcept { return alarms_; }

    /// How far the latest load is. Any thread may read it.
    [[nodiscard]] std::shared_ptr<const LoadProgress> progress() const noexcept {
        return progress_;
    }

    /// True if a file has changed, come or gone since load(), and no file has changed since the
    /// last call: so a file that is still being written is not read half-way.
    [[nodiscard]] bool changed();

    /// From the next serve() on, makes the maps of `latency` policies by this; PolicyMaps tells how.
    void measure_by(PolicyMaps::Latency latency, std::uint64_t generation) {
        maps_.measure_by(std::move(latency), generation);
    }

    /// Makes the next load() read everything again, changed or not.
    void forget_states();

 private:
    struct LoadedFile {
        std::optional<FileState> state;           // when it was read; nothing: to be read again
        std::shared_ptr<const zones::Zone> zone;  // the last good one; null if there was none
        std::vector<ZonePart> parts;              // the files from which it was read
        bool faulty = false;                      // the zone is not what the file holds now
        std::optional<std::chrono::sys_seconds> kept{};  // if zone is a kept form: since when
        zones::ServedZone served;                        // what was last served
    };

    [[nodiscard]] std::vector<std::string> zone_files(geo::Problems& problems) const;
    /// Returns the files of a folder from which zones are served.
    [[nodiscard]] std::vector<std::string> served_out_of(const std::string& folder) const;
    [[nodiscard]] std::map<std::string, FileState> look() const;
    void read_zones(geo::Problems& problems);
    [[nodiscard]] bool read(const std::string& path, LoadedFile& entry,
                            geo::Problems& problems) const;
    /// Takes the kept form of a faulty file, unless the file was taken away on purpose.
    void restore(const std::string& path, LoadedFile& entry, geo::Problems& problems) const;
    void remove_duplicates(geo::Problems& problems);
    void note_alarms();
    void keep_zones();
    [[nodiscard]] zones::Catalog catalog(geo::Problems& problems);

    ZonePaths paths_;
    PolicyMaps maps_;
    PolicyMaps::DatabaseNews databases_ =
        PolicyMaps::DatabaseNews::AsBefore;  // since the maps were made
    std::size_t lanes_;
    std::map<std::string, LoadedFile> entries_;  // by path
    std::map<std::string, FileState> loaded_;
    std::map<std::string, FileState> last_look_;
    KeptZones* kept_ = nullptr;
    std::shared_ptr<LoadProgress> progress_ = std::make_shared<LoadProgress>();
    std::vector<std::string> gone_;  // files taken away since the last load
    std::vector<Alarm> alarms_;
};

}  // namespace control
