// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which version of each zone the nodes serve: what this one tells of its own, what the others tell,
// and where that differs. A record a zone, and one of all that are beyond what is told one by one:
//
//   1f2e3d4c5b6a7988.zone   form=1 serial=1795534710 digest=0123456789abcdef zone=plex.example.com
//   zones                   form=1 others=4000 digest=fedcba9876543210
//
// The owner is a digest of the zone's name, which is left out where it is too long for the line.
// Others: how many zones those are, and the sum of the digests of their names with theirs. A
// difference that lasts is told by the log, the dashboard and `status`: while files are being copied
// to all nodes there always is one. Pure but for log_zones(): time is the caller's.

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
    std::uint32_t serial = 0;  // of other zones: how many there are
    std::uint64_t digest = 0;
    bool operator==(const ZoneVersion&) const = default;
};
/// "1795534710/0123456789abcdef", or "none".
[[nodiscard]] std::string to_text(const std::optional<ZoneVersion>& version);

struct ZoneDifference {
    std::string zone;                   // "*": zones that are not told one by one
    std::string node;                   // that serves it otherwise
    std::optional<ZoneVersion> here{};  // nothing: it is not served
    std::optional<ZoneVersion> there{};
    probes::Time since;
};
/// "differs=plex.example.com at=singapore since=3m here=1795534710/0123456789abcdef there=none".
[[nodiscard]] std::string to_line(const ZoneDifference& difference, probes::Time now);

/// What the log has to say of a difference.
struct ZoneNews {
    enum class Kind : std::uint8_t { Lasts, Over, NotHeard };
    Kind kind = Kind::Lasts;
    ZoneDifference difference;
};
void log_zones(const std::vector<ZoneNews>& news);

class ZoneVersions {
 public:
    static constexpr std::size_t most_told = 1000;  // zones one by one
    static constexpr std::chrono::minutes lasting{1};

    /// What this node serves; `first` is told one by one in any case.
    void serve(const zones::Catalog& catalog, const zones::Name& first);
    [[nodiscard]] const std::map<std::string, std::string>& told() const noexcept { return told_; }

    /// The other nodes.
    void set_peers(const std::vector<std::string>& peers);
    /// What has changed of what a node tells. Records of other kinds, and more than a node tells,
    /// are passed over. A node of an early version tells nothing, and is not compared.
    void hear(const std::string& peer, const transfer::Changes& changes);

    /// To be called every few seconds. What the log has not heard of yet.
    [[nodiscard]] std::vector<ZoneNews> compare(probes::Time now);
    /// Those that last, by node.
    [[nodiscard]] std::vector<ZoneDifference> differences(probes::Time now) const;

 private:
    struct Known {
        std::string zone;
        ZoneVersion version;
    };
    using Zones = std::map<std::string, Known, std::less<>>;  // by owner
    struct Peer {
        Zones zones;
        std::optional<ZoneVersion> others;  // nothing: it does not tell of zones
    };
    struct Open {
        ZoneDifference difference;
        bool logged = false;
    };
    using OpenDifferences = std::map<std::pair<std::string, std::string>, Open>;  // node, owner

    void find_differences(const std::string& name, const Peer& peer, probes::Time now,
                          OpenDifferences& found) const;

    Zones own_;
    std::map<std::string, std::string> told_;
    std::map<std::string, Peer> peers_;
    bool changed_ = false;
    OpenDifferences open_;
};

}  // namespace control
