// SPDX-License-Identifier: Apache-2.0
#pragma once
// A node without zones. It has its measurement zone behind real sockets on loopback, and peers.

#include "dnsd/net/worker.hpp"
#include "dnsd/nodes/exchange.hpp"
#include "dnsd/nodes/signed_queries.hpp"
#include "tests/dnsd/nobody_else.hpp"

#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace support {

[[nodiscard]] std::shared_ptr<const transfer::Keys> shared_keys(std::uint8_t seed = 1);
[[nodiscard]] zones::Name apex_of(const std::string& edge);

class Node {
 public:
    explicit Node(boost::asio::io_context& context, const std::string& edge,
                  std::shared_ptr<const transfer::Keys> keys = shared_keys(),
                  transfer::SoaTimes times = {});
    ~Node();

    [[nodiscard]] net::Endpoint endpoint() const { return endpoint_; }
    /// Returns this node as a peer of others.
    [[nodiscard]] transfer::PeerSettings settings() const {
        return {edge_, apex_of(edge_), endpoint_};
    }

    transfer::Exchange& exchange() { return exchange_; }
    /// What its peers have told to its listener, by peer.
    std::map<std::string, transfer::Records> heard;
    std::size_t times_heard = 0;
    /// While true, the listener keeps the places: what it heard counts as not taken in.
    bool holds = false;
    std::vector<transfer::Backlog::Hold> held;

 private:
    std::string edge_;
    engine::Snapshots snapshots_;
    NobodyElse nobody_;
    transfer::SignedQueries queries_;
    transfer::Exchange exchange_;
    net::Worker worker_;
    net::Endpoint endpoint_;
};

/// Runs the context until the condition holds. False if that takes too long.
[[nodiscard]] bool run_until(boost::asio::io_context& context,
                             const std::function<bool()>& condition);

}  // namespace support
