// SPDX-License-Identifier: Apache-2.0
#pragma once
// Drains and undrains edges for operators, and ends drains whose time is over. A word that an
// operator says at one node of a zone holds at all nodes. Each node tells the latest word on each
// edge, whoever said it, so a node that was down learns it from any other. Control thread only.

#include "dnsd/health/edge_watch.hpp"
#include "dnsd/nodes/changes.hpp"
#include "probes/health/drain_words.hpp"
#include "probes/health/drains.hpp"
#include "probes/health/zone_status.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace control {

/// An edge of a zone, by their names.
struct EdgeName {
    std::string zone;
    std::string edge;
};

class DrainRegistry {
 public:
    enum class Changed : std::uint8_t { Drains, TimeLeft };
    /// Called with Drains when a drain has ended or a node has told of one, and with TimeLeft every
    /// second while a drain has an end: the TTL that it permits shrinks.
    using OnChange = std::function<void(Changed what)>;
    /// Takes the changes to tell to the other nodes.
    using Teller = std::function<void(const transfer::Changes& changes)>;

    DrainRegistry(boost::asio::io_context& context, OnChange on_change);

    void restore(std::vector<probes::Drain> drains, const std::vector<probes::DrainRecord>& words);
    /// Drains all edges of these zones that match one of the patterns, and returns them.
    std::vector<EdgeName> drain(std::span<const ZoneWatch> zones,
                                const std::vector<std::string>& patterns,
                                std::optional<probes::Clock::duration> time,
                                probes::DrainReach reach);
    /// Ends the drains of all edges that match one of the patterns, and returns these edges.
    std::vector<EdgeName> undrain(const std::vector<std::string>& patterns);
    [[nodiscard]] const probes::Drains& drains() const noexcept { return drains_; }
    /// Returns the latest word on each edge that this node knows.
    [[nodiscard]] std::vector<probes::DrainRecord> words() const;

    /// Sets the other nodes.
    void set_peers(const std::vector<std::string>& peers);
    /// Takes the changes of what a node tells. Passes over records of other kinds.
    void hear(std::span<const ZoneWatch> zones, const std::string& peer,
              const transfer::Changes& changes);
    void on_told(Teller teller) { teller_ = std::move(teller); }
    /// Returns all records that this node tells.
    [[nodiscard]] transfer::Records told() const;

    /// Returns at how many nodes an edge is drained; nothing if at none, or if this node is alone.
    [[nodiscard]] std::optional<probes::DrainSpread> spread(const std::string& zone,
                                                            const std::string& edge) const;
    /// Returns how many nodes know the latest word on all of these edges.
    [[nodiscard]] probes::DrainSpread arrived(const std::vector<EdgeName>& edges) const;

 private:
    void follow(const probes::DrainRecord& record, transfer::Changes& changes);
    void forget(transfer::Changes& changes);
    void tell(const transfer::Changes& changes) const;
    void note(const std::string& peer, std::size_t news);
    void wait();

    OnChange on_change_;
    Teller teller_;
    probes::Drains drains_;
    probes::DrainWords words_;
    using Heard = std::map<std::string, probes::DrainWord, std::less<>>;  // by owner
    std::map<std::string, Heard> heard_;                                  // by peer
    std::map<std::string, probes::Time> noted_;  // when the log last had news of a peer
    boost::asio::steady_timer timer_;
};

}  // namespace control
