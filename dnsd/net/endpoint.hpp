// SPDX-License-Identifier: Apache-2.0
#pragma once
// An endpoint of the config as Asio has it.

#include "dnsd/net/listen.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

namespace transfer {

[[nodiscard]] boost::asio::ip::tcp::endpoint tcp_endpoint(const net::Endpoint& endpoint);
[[nodiscard]] boost::asio::ip::udp::endpoint udp_endpoint(const net::Endpoint& endpoint);

}  // namespace transfer
