// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the kernel says about each connection of a relay when it ends: looking only now and then
// would miss the short ones. sock_diag(7) tells this to everybody who has joined a multicast group;
// no capability is needed. Bounded: in a flood of connections only a part of them is heard. Control
// thread.

#include "probes/path/tcp_info.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace probes {

class EndedConnections {
 public:
    /// `context` must outlive this.
    explicit EndedConnections(boost::asio::io_context& context);
    ~EndedConnections();
    EndedConnections(const EndedConnections&) = delete;
    EndedConnections& operator=(const EndedConnections&) = delete;

    /// Listens from now on to connections that end at these ports of this machine. Returns why that
    /// is not possible; empty when it is.
    [[nodiscard]] std::string open(std::span<const std::uint16_t> ports);
    /// Returns the connections told of since the last call, a bounded number.
    [[nodiscard]] std::vector<Connection> take();

 private:
    struct Receiver;
    boost::asio::io_context& context_;
    std::shared_ptr<Receiver> receiver_;
};

}  // namespace probes
