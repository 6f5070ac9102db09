// SPDX-License-Identifier: Apache-2.0
#pragma once
// Converts an endpoint of the config to Asio's form.

#include "dnsd/net/listen.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

namespace transfer {

[[nodiscard]] boost::asio::ip::tcp::endpoint tcp_endpoint(const net::Endpoint& endpoint);
[[nodiscard]] boost::asio::ip::udp::endpoint udp_endpoint(const net::Endpoint& endpoint);

}  // namespace transfer
