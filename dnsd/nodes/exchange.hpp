// SPDX-License-Identifier: Apache-2.0
#pragma once
// What this node tells and what the others tell: its own measurement zone, and those of its peers.
// Control thread only.

#include "dnsd/nodes/measurement_zone.hpp"
#include "dnsd/nodes/peer.hpp"
#include "dnsd/transfer/notifier.hpp"
#include "dnsd/tsig/seen_signatures.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>
#include <vector>

namespace transfer {

class Exchange {
 public:
    /// Called with what has changed at a peer: at first all of it, in several parts when it is
    /// much, and all is removed when it expires or the peer is no more. May publish, but not change
    /// the peers.
    using Listener = Peer::Listener;

    Exchange(boost::asio::io_context& context, std::shared_ptr<const Keys> keys, ZoneFace face,
             Listener listener);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Those that stay as they were go on, and what is known of those that are elsewhere now stays;
    /// the others are stopped, or begin.
    void set_peers(const std::vector<PeerSettings>& peers);

    /// Changes what this node tells, and lets the peers know. To be called with a batch, every few
    /// seconds at most.
    void publish(const Changes& changes);
    /// The same; what is not in `all` is removed.
    void replace(const Records& all);

    [[nodiscard]] const MeasurementZone& zone() const noexcept { return zone_; }
    /// Goes on with all that an exception has ended. To be called now and then.
    void revive() const;
    [[nodiscard]] std::vector<PeerStatus> peers() const;
    /// A peer says that its zone has changed. False when it is no peer's zone.
    bool hear(const zones::Name& apex);
    /// The same, said in a signed message. A copy of one that was heard before costs nothing.
    bool hear(const zones::Name& apex, const SignatureStamp& stamp);

 private:
    struct Partner {
        std::shared_ptr<Peer> peer;
        std::shared_ptr<Notifier> notifier;
        SeenSignatures heard{};
        void stop() const;
    };
    void notify();
    /// Null when it is no peer's zone.
    [[nodiscard]] Partner* partner_of(const zones::Name& apex);

    boost::asio::io_context& context_;
    std::shared_ptr<const Keys> keys_;
    MeasurementZone zone_;
    Listener listener_;
    std::vector<Partner> partners_;
};

}  // namespace transfer
