// SPDX-License-Identifier: Apache-2.0
#pragma once
// Zones and databases from files to what is served. Keeps the last good state of each: a file that
// turns faulty takes nothing out of service, and does not keep others from loading.

#include "dnsd/control/config.hpp"
#include "dnsd/control/file_state.hpp"
#include "geo/latency_model.hpp"
#include "geo/map.hpp"
#include "geo/problem.hpp"
#include "zones/catalog.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace control {

class Loader {
 public:
    /// `zones` are files, or folders of files that end in .json. With `lanes`, zones that have edges
    /// get a board with so many.
    Loader(std::vector<std::string> zones, geo::SourceFiles sources, std::size_t lanes = 0);

    /// Reads what has changed since the last call, or everything at the first. Faults and warnings
    /// go to `problems`. The catalog is never worse than the one before.
    [[nodiscard]] zones::Catalog load(geo::Problems& problems);

    /// True when a file has changed, come or gone since `load`, and has been still since the last
    /// call: a file that is being written is not read half way.
    [[nodiscard]] bool changed();

    /// What is known of round trips to a zone's edges; null: nothing.
    using Latency = std::function<std::shared_ptr<const geo::ZoneLatency>(const zones::Zone& zone)>;
    /// Maps of `latency` policies are made by this from the next `load` on: all of them anew, as
    /// `generation` has to be another one each time.
    void measure_by(Latency latency, std::uint64_t generation);
    /// What the latest `load` served, with the maps that measure_by() asks for. Reads no zone: what
    /// has changed meanwhile waits for the next `load`.
    [[nodiscard]] zones::Catalog remake(geo::Problems& problems);

    /// Reads everything again at the next `load`, changed or not.
    void forget_states();

 private:
    struct Entry {
        std::optional<FileState> state;           // as it was read; nothing: it is to be read again
        std::shared_ptr<const zones::Zone> zone;  // the last good one; null while there was none
        zones::ServedZone served;                 // the last that was served
    };
    using Maps = std::map<std::string, std::shared_ptr<const geo::Map>>;

    [[nodiscard]] std::vector<std::string> zone_files(geo::Problems& problems) const;
    [[nodiscard]] std::map<std::string, FileState> look() const;
    void read_zones(geo::Problems& problems);
    void remove_duplicates(geo::Problems& problems);
    /// Compiles the maps that are missing. Those that cannot be made stay away.
    void make_maps(bool sources_changed, geo::Problems& problems);
    [[nodiscard]] zones::Catalog serve(geo::Problems& problems);
    [[nodiscard]] std::string key_of(const zones::Zone& zone, const zones::Steer& steer,
                                     const geo::ZoneLatency* latency) const;
    [[nodiscard]] std::shared_ptr<const geo::ZoneLatency> latency_of(
        const zones::Zone& zone) const {
        return latency_ ? latency_(zone) : nullptr;
    }

    std::vector<std::string> zones_;
    std::set<std::string> folders_;  // those of them that were folders at the beginning
    geo::SourceFiles sources_;
    std::size_t lanes_;
    Latency latency_;
    std::uint64_t latency_generation_ = 0;
    std::map<std::string, Entry> entries_;  // by path
    std::map<std::string, FileState> loaded_;
    std::map<std::string, FileState> last_look_;
    Maps maps_;  // by the key of the policy
};

}  // namespace control
