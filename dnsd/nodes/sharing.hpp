// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the nodes of a zone tell each other, for the server: keys, peers and the node's own records
// from the config and the zone. Control thread only, but for the queries that workers leave.

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
    using Listener = transfer::Exchange::Listener;

    /// Without `node` nothing is shared. Queries that are not signed go to `next`. All must outlive
    /// this.
    Sharing(boost::asio::io_context& context, const std::optional<NodeSettings>& node,
            const engine::Publisher<engine::Snapshot>& snapshots, engine::Observer& next,
            Listener listener = {});

    /// Reads the keys, before workers begin. What is wrong with them goes to `problems`; then
    /// nothing is shared. `relay`: this node measures the clients of one, and says so.
    void begin(geo::Problems& problems, bool relay);
    /// Takes the peers from the zone's edges. Where the zone or the edge is missing, nobody is
    /// asked and nobody told, which is said once.
    void attach(const zones::Catalog& catalog);

    /// Whether keys are there.
    [[nodiscard]] bool on() const noexcept { return exchange_.has_value(); }
    /// Why not all is shared that the settings ask for; empty when it is.
    [[nodiscard]] const std::string& fault() const noexcept { return said_; }
    /// Those of the config; null where nothing is shared.
    [[nodiscard]] const transfer::Keys* keys() const noexcept { return keys_.get(); }
    /// Goes on with all that an exception has ended. To be called now and then.
    void revive() const {
        if (exchange_) exchange_->revive();
    }
    /// By these keys; null where nothing is shared.
    [[nodiscard]] const std::shared_ptr<const engine::Signatures>& signatures() const noexcept {
        return signatures_;
    }
    /// Adds to what this node tells, as transfer::Exchange does; nothing where nothing is shared.
    void publish(const transfer::Changes& changes);
    [[nodiscard]] std::vector<transfer::PeerStatus> peers() const;
    [[nodiscard]] engine::Observer& observer() noexcept { return queries_; }

    /// A line for each peer, when `zone` is the one that they share; with `edge`, only that of this
    /// edge, and longer:
    ///   peer=singapore data=fresh age=3s records=1234
    ///   peer=singapore data=expired age=12m last_fault=connection_refused
    [[nodiscard]] std::vector<std::string> lines(const zones::Name& zone,
                                                 const std::string& edge) const;

 private:
    [[nodiscard]] std::vector<transfer::PeerSettings> peers_of(const zones::Zone& zone) const;
    /// Says it, unless it is what was said last. Empty: all is well.
    void say(std::string fault);

    boost::asio::io_context& context_;
    const std::optional<NodeSettings>& node_;
    transfer::SignedQueries queries_;
    Listener listener_;
    std::shared_ptr<const transfer::Keys> keys_;
    std::shared_ptr<const engine::Signatures> signatures_;
    std::optional<transfer::Exchange> exchange_;
    std::string said_;
};

}  // namespace control
