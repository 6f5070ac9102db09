// SPDX-License-Identifier: Apache-2.0
#pragma once
// The server's part in what the nodes of a zone tell each other. Takes keys, peers and the node's
// own records from the config and the zone. Control thread only; workers only leave queries here.

#include "dnsd/config/node_settings.hpp"
#include "dnsd/nodes/exchange.hpp"
#include "dnsd/nodes/signed_queries.hpp"
#include "dnsd/tsig/keys.hpp"
#include "geo/base/problem.hpp"
#include "zones/zone/catalog.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace control {

class Sharing {
 public:
    /// Without `node` this server shares nothing. Passes unsigned queries on to `next`. All
    /// arguments must outlive this.
    Sharing(boost::asio::io_context& context, const std::optional<NodeSettings>& node,
            const engine::Snapshots& snapshots, engine::Observer& next,
            transfer::PeerListener listener = {});

    /// Reads the keys. Call this before workers begin. If they are faulty, appends why to
    /// `problems` and shares nothing. `relay`: the node tells the others that it measures clients
    /// of a relay.
    void begin(geo::Problems& problems, bool relay);
    /// Takes the peers from the zone's edges. If the zone or the edge is missing, sets no peers,
    /// and logs that once.
    void attach(const zones::Catalog& catalog);

    /// True if begin() has read the keys.
    [[nodiscard]] bool on() const noexcept { return exchange_.has_value(); }
    /// Says which part of the settings is not shared and why; empty if all is.
    [[nodiscard]] const std::string& fault() const noexcept { return said_; }
    /// Returns the keys of the config; null if nothing is shared.
    [[nodiscard]] const transfer::Keys* keys() const noexcept { return keys_.get(); }
    /// Restarts all work that an exception has ended. The caller does this regularly.
    void revive() const {
        if (exchange_) exchange_->revive();
    }
    /// Judges signatures by these keys; null if nothing is shared.
    [[nodiscard]] const std::shared_ptr<const engine::Signatures>& signatures() const noexcept {
        return signatures_;
    }
    /// Changes what this node tells, as transfer::Exchange does. Does nothing if nothing is shared.
    void publish(const transfer::Changes& changes);
    [[nodiscard]] std::vector<transfer::PeerStatus> peers() const;
    [[nodiscard]] engine::Observer& observer() noexcept { return queries_; }

 private:
    [[nodiscard]] std::vector<transfer::PeerSettings> peers_of(const zones::Zone& zone) const;
    /// Logs a fault, unless it is the last one logged. Empty: all is well.
    void say(std::string fault);

    boost::asio::io_context& context_;
    const std::optional<NodeSettings>& node_;
    transfer::SignedQueries queries_;
    transfer::PeerListener listener_;
    std::shared_ptr<const transfer::Keys> keys_;
    std::shared_ptr<const engine::Signatures> signatures_;
    std::optional<transfer::Exchange> exchange_;
    std::string said_;
};

}  // namespace control
