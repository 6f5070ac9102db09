// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/endpoint.hpp"

namespace transfer {
namespace {

boost::asio::ip::address address_of(const geo::Address& address) {
    if (address.family == geo::Family::V4) {
        boost::asio::ip::address_v4::bytes_type octets{};
        geo::write_octets(address, octets);
        return boost::asio::ip::address_v4{octets};
    }
    boost::asio::ip::address_v6::bytes_type octets{};
    geo::write_octets(address, octets);
    return boost::asio::ip::address_v6{octets};
}

}  // namespace

boost::asio::ip::tcp::endpoint tcp_endpoint(const net::Endpoint& endpoint) {
    return {address_of(endpoint.address), endpoint.port};
}

boost::asio::ip::udp::endpoint udp_endpoint(const net::Endpoint& endpoint) {
    return {address_of(endpoint.address), endpoint.port};
}

}  // namespace transfer
