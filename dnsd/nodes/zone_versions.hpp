// SPDX-License-Identifier: Apache-2.0
#pragma once
// Compares which version of each zone the nodes serve: what this node tells, what the others tell,
// and the differences. A node tells one record for each of up to 1000 zones, and one record for all
// other zones together:
//
//   1f2e3d4c5b6a7988.zone   form=1 serial=1795534710 digest=0123456789abcdef zone=plex.example.com
//   zones                   form=1 others=4000 digest=fedcba9876543210
//
// The owner is a digest of the zone's name. The line leaves out a name that is too long for it.
// `others` is the number of the other zones, and their digest is the sum of one digest for each, of
// its owner and its own digest. The log, the dashboard and `status` tell a difference only once it
// has lasted a minute: while files are being copied to all nodes there always is one. Pure except
// for log_zones(); the caller gives the time.

#include "dnsd/nodes/changes.hpp"
#include "geo/base/clock.hpp"
#include "zones/zone/catalog.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace control {

struct ZoneVersion {
    std::uint32_t serial = 0;  // for the other zones together: their number
    std::uint64_t digest = 0;
    bool operator==(const ZoneVersion&) const = default;
};
/// "1795534710/0123456789abcdef", or "none".
[[nodiscard]] std::string to_text(const std::optional<ZoneVersion>& version);

struct ZoneDifference {
    std::string zone;                   // "*": the zones that are not told one by one
    std::string node;                   // the one that serves it differently
    std::optional<ZoneVersion> here{};  // nothing: not served
    std::optional<ZoneVersion> there{};
    probes::Time since;
};
/// "differs=plex.example.com at=singapore since=3m here=1795534710/0123456789abcdef there=none".
[[nodiscard]] std::string to_line(const ZoneDifference& difference, probes::Time now);

/// What the log says of a difference: it has lasted a minute, it is over, or the node no longer
/// tells of zones.
struct ZoneNews {
    enum class Kind : std::uint8_t { Lasts, Over, NotHeard };
    Kind kind = Kind::Lasts;
    ZoneDifference difference;
};
void log_zones(const std::vector<ZoneNews>& news);

class ZoneVersions {
 public:
    static constexpr std::size_t most_told = 1000;  // zones that are told one by one
    static constexpr std::chrono::minutes lasting{1};

    /// Sets what this node serves. If it serves `first`, it tells that zone one by one in any case.
    void serve(const zones::Catalog& catalog, const zones::Name& first);
    [[nodiscard]] const transfer::Records& told() const noexcept { return told_; }

    /// Sets the other nodes.
    void set_peers(const std::vector<std::string>& peers);
    /// Takes the changes of what a node tells. Passes over records of other kinds, and zones beyond
    /// the 1000 that a node may tell. A node of an early version tells no zones, and is not
    /// compared.
    void hear(const std::string& peer, const transfer::Changes& changes);

    /// Returns what is new for the log. Call it every few seconds.
    [[nodiscard]] std::vector<ZoneNews> compare(probes::Time now);
    /// Returns the differences that have lasted a minute, by node.
    [[nodiscard]] std::vector<ZoneDifference> differences(probes::Time now) const;

 private:
    struct NamedVersion {
        std::string zone;
        ZoneVersion version;
    };
    using Zones = std::map<std::string, NamedVersion, std::less<>>;  // by owner
    struct PeerZones {
        Zones zones;
        std::optional<ZoneVersion> others;  // nothing: it does not tell of zones
    };
    struct Open {
        ZoneDifference difference;
        bool logged = false;
    };
    using OpenDifferences = std::map<std::pair<std::string, std::string>, Open>;  // node, owner

    void find_differences(const std::string& name, const PeerZones& peer, probes::Time now,
                          OpenDifferences& found) const;

    Zones own_;
    transfer::Records told_;
    std::map<std::string, PeerZones> peers_;
    bool changed_ = false;
    OpenDifferences open_;
};

}  // namespace control
