// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where operators drain edges, and drains end by themselves. What is said at one node of a zone holds
// at all of them: each tells the latest word on each edge, whoever said it, so that a node which was
// down learns it from any other. Control thread only.

#include "dnsd/health/edge_watch.hpp"
#include "dnsd/nodes/changes.hpp"
#include "probes/health/dashboard.hpp"
#include "probes/health/drain_words.hpp"
#include "probes/health/drains.hpp"

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

struct EdgeName {
    std::string zone;
    std::string edge;
};

class DrainDesk {
 public:
    enum class Beat : std::uint8_t { Changed, Nearer };
    /// Called when a drain has ended or a node has told of one, and every second while one will
    /// end: what it lets a TTL promise shrinks.
    using Listener = std::function<void(Beat beat)>;
    /// Takes what is to be told to the other nodes.
    using Teller = std::function<void(const transfer::Changes& changes)>;

    DrainDesk(boost::asio::io_context& context, Listener listener);

    void restore(std::vector<probes::Drain> drains, const std::vector<probes::DrainRecord>& words);
    /// Drains all edges of these zones that match one of the patterns; which these are.
    std::vector<EdgeName> drain(std::span<const ZoneWatch> zones,
                                const std::vector<std::string>& patterns,
                                std::optional<probes::Clock::duration> time, probes::Reach reach);
    std::vector<EdgeName> undrain(const std::vector<std::string>& patterns);
    [[nodiscard]] const probes::Drains& drains() const noexcept { return drains_; }
    /// What nodes tell each other, as far as it is known.
    [[nodiscard]] std::vector<probes::DrainRecord> words() const;

    /// The other nodes.
    void set_peers(const std::vector<std::string>& peers);
    /// What has changed of what a node tells. Records of other kinds are passed over.
    void hear(std::span<const ZoneWatch> zones, const std::string& peer,
              const transfer::Changes& changes);
    void on_told(Teller teller) { teller_ = std::move(teller); }
    /// All that this node tells.
    [[nodiscard]] transfer::Records told() const;

    /// At how many nodes an edge is drained; nothing where it is at none, and where this one is
    /// alone.
    [[nodiscard]] std::optional<probes::DrainSpread> spread(const std::string& zone,
                                                            const std::string& edge) const;
    /// At how many nodes the latest word on all of these edges is known.
    [[nodiscard]] probes::DrainSpread arrived(const std::vector<EdgeName>& edges) const;

 private:
    void follow(const probes::DrainRecord& record, transfer::Changes& changes);
    void forget(transfer::Changes& changes);
    void tell(const transfer::Changes& changes) const;
    void note(const std::string& peer, std::size_t news);
    void wait();

    Listener listener_;
    Teller teller_;
    probes::Drains drains_;
    probes::DrainWords words_;
    using Heard = std::map<std::string, probes::DrainWord, std::less<>>;  // by owner
    std::map<std::string, Heard> heard_;                                  // by peer
    std::map<std::string, probes::Time> noted_;  // when the log last had news of a peer
    boost::asio::steady_timer timer_;
};

}  // namespace control
