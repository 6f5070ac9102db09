// SPDX-License-Identifier: Apache-2.0
#pragma once
// Holds what this node tells, its own measurement zone, and what the others tell, the zones of its
// peers. Control thread only.

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
    /// The listener may publish, but must not change the peers.
    Exchange(boost::asio::io_context& context, std::shared_ptr<const Keys> keys, ZoneFace face,
             PeerListener listener);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    /// Sets the peers. Peers with the same settings go on. A peer that has moved to another
    /// endpoint keeps what is known of its zone. New peers start, and those that are gone stop.
    void set_peers(const std::vector<PeerSettings>& peers);

    /// Changes what this node tells, and notifies the peers. Gather changes, and call this every
    /// few seconds at most.
    void publish(const Changes& changes);
    /// The same, and removes every record that is not in `all`.
    void replace(const Records& all);

    [[nodiscard]] const MeasurementZone& zone() const noexcept { return zone_; }
    /// Restarts all work that an exception has ended. The caller does this regularly.
    void revive() const;
    [[nodiscard]] std::vector<PeerStatus> peers() const;
    /// A peer says that the zone at `apex` has changed: fetches it. False if no peer has this zone.
    bool hear(const zones::Name& apex);
    /// The same for a signed message. A copy of an earlier message fetches nothing.
    bool hear(const zones::Name& apex, const SignatureStamp& stamp);

 private:
    struct Partner {
        std::shared_ptr<Peer> peer;
        std::shared_ptr<Notifier> notifier;
        SeenSignatures heard{};
        void stop() const;
    };
    void notify();
    /// Null if no peer has this zone.
    [[nodiscard]] Partner* partner_of(const zones::Name& apex);

    boost::asio::io_context& context_;
    std::shared_ptr<const Keys> keys_;
    MeasurementZone zone_;
    PeerListener listener_;
    std::vector<Partner> partners_;
};

}  // namespace transfer
