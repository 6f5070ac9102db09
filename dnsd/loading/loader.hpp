// SPDX-License-Identifier: Apache-2.0
#pragma once
// Zones and databases from files to what is served. Keeps the last good state of each: a file that
// turns faulty takes nothing out of service, and does not keep others from loading.

#include "dnsd/config/config.hpp"
#include "dnsd/loading/alarms.hpp"
#include "dnsd/loading/file_state.hpp"
#include "dnsd/loading/kept_zones.hpp"
#include "geo/base/problem.hpp"
#include "geo/latency/latency_model.hpp"
#include "geo/policy/map.hpp"
#include "zones/zone/catalog.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace control {

/// Whether checks of its edges are programs.
[[nodiscard]] bool runs_programs(const zones::Zone& zone);

class Loader {
 public:
    /// `zones` are files, or folders of files that end in .json. With `lanes`, zones that have edges
    /// get a board with so many.
    Loader(std::vector<std::string> zones, geo::SourceFiles sources, std::size_t lanes = 0);

    /// Keeps the last good form of each zone there, and serves it where a file is faulty from the
    /// first `load` on. It outlives this.
    void keep_in(KeptZones& kept) { kept_ = &kept; }

    /// Reads what has changed since the last call, or everything at the first. Faults and warnings
    /// go to `problems`. The catalog is never worse than the one before.
    [[nodiscard]] zones::Catalog load(geo::Problems& problems);
    /// The two halves of it: zones out of their files, with which `zone` finds them; and what is
    /// served of them. Between the two, what maps are made by can follow the zones as they are now.
    enum class Databases : std::uint8_t { AsBefore, Changed };
    [[nodiscard]] Databases read(geo::Problems& problems);
    [[nodiscard]] zones::Catalog serve(geo::Problems& problems);
    /// The last good form of a zone; null when there is none. Good until the next `read`.
    [[nodiscard]] const zones::Zone* zone(const zones::Name& apex) const;

    /// What the latest `load` has left as it was, or made of less than it should.
    [[nodiscard]] const std::vector<Alarm>& alarms() const noexcept { return alarms_; }

    /// True when a file has changed, come or gone since `load`, and has been still since the last
    /// call: a file that is being written is not read half way.
    [[nodiscard]] bool changed();

    /// What is known of round trips to a zone's edges; null: nothing.
    using Latency = std::function<std::shared_ptr<const geo::ZoneLatency>(const zones::Zone& zone)>;
    /// Maps of `latency` policies are made by this from the next `serve` on: all of them anew, as
    /// `generation` has to be another one each time that it says something else of the same edges.
    void measure_by(Latency latency, std::uint64_t generation);

    /// Reads everything again at the next `load`, changed or not.
    void forget_states();

 private:
    struct Entry {
        std::optional<FileState> state;           // as it was read; nothing: it is to be read again
        std::shared_ptr<const zones::Zone> zone;  // the last good one; null while there was none
        std::vector<ZonePart> parts;              // the files that it was read from
        bool faulty = false;                      // what stands in the file is not what is served
        std::optional<std::chrono::sys_seconds> kept{};  // since when; not read since the start
        zones::ServedZone served;                        // the last that was served
    };
    using Maps = std::map<std::string, std::shared_ptr<const geo::Map>>;

    [[nodiscard]] std::vector<std::string> zone_files(geo::Problems& problems) const;
    [[nodiscard]] std::vector<std::string> kept_within(const std::string& folder) const;
    /// The files of a folder that have a zone.
    [[nodiscard]] std::vector<std::string> served_out_of(const std::string& folder) const;
    [[nodiscard]] std::map<std::string, FileState> look() const;
    void read_zones(geo::Problems& problems);
    void find_taken_away(const std::vector<std::string>& files);
    [[nodiscard]] bool read(const std::string& path, Entry& entry, geo::Problems& problems) const;
    /// What is kept of a file that is faulty, unless it was taken away on purpose.
    void restore(const std::string& path, Entry& entry, geo::Problems& problems) const;
    void remove_duplicates(geo::Problems& problems);
    [[nodiscard]] std::optional<geo::Sources> open_sources(geo::Problems& problems);
    void note_alarms();
    void keep_zones();
    /// Compiles the maps that are missing. Those that cannot be made stay away.
    void make_maps(bool sources_changed, geo::Problems& problems);
    [[nodiscard]] zones::Catalog catalog(geo::Problems& problems);
    [[nodiscard]] std::string key_of(const zones::Zone& zone, const zones::Steer& steer,
                                     const geo::ZoneLatency* latency) const;
    [[nodiscard]] std::shared_ptr<const geo::ZoneLatency> latency_of(
        const zones::Zone& zone) const {
        return latency_ ? latency_(zone) : nullptr;
    }

    std::vector<std::string> zones_;
    std::set<std::string> folders_;  // those of them that were folders at the beginning
    geo::SourceFiles sources_;
    bool sources_changed_ = false;  // since maps were made
    std::size_t lanes_;
    Latency latency_;
    std::uint64_t latency_generation_ = 0;
    std::map<std::string, Entry> entries_;  // by path
    std::map<std::string, FileState> loaded_;
    std::map<std::string, FileState> last_look_;
    Maps maps_;  // by the key of the policy
    KeptZones* kept_ = nullptr;
    std::vector<std::string> gone_;  // files that were taken away since the last load
    std::vector<Alarm> alarms_;
    bool whole_sources_ = false;  // a map has been made of all databases
    std::string sources_fault_;   // of the last attempt to open them
};

}  // namespace control
