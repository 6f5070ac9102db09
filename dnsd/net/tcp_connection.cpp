// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/tcp_connection.hpp"

#include "dnsd/net/coarse_clock.hpp"
#include "geo/base/big_endian.hpp"
#include "geo/place/network.hpp"
#include "geo/place/socket_address.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <cstring>
#include <new>
#include <utility>

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

geo::Address peer_address(const tcp::socket& socket) {
    boost::system::error_code fault;
    return geo::address_in(socket.remote_endpoint(fault).data())
        .value_or(geo::Address{geo::Family::V6, 0});
}

}  // namespace

TcpConnection::TcpConnection(tcp::socket accepted, std::size_t lane, engine::SeenResolvers* seen,
                             engine::QueryCounters* counters)
    : socket{std::move(accepted)},
      client{.address = peer_address(socket),
             .transport = engine::Transport::Tcp,
             .lane = lane,
             .seen = seen,
             .counters = counters},
      network{geo::client_network(client.address)} {}

std::size_t TcpConnection::answer(const engine::Snapshot& snapshot, geo::Random& random,
                                  std::span<std::uint8_t> answers) {
    std::size_t at = 0;
    std::size_t written = 0;
    client.now = coarse_now();
    while (filled - at >= length_size && written < write_from && !last && deferred.empty()) {
        const std::size_t length = wire::read16(input, at);
        const bool fits = length + length_size <= input.size();
        if (fits && filled - at - length_size < length) break;
        if (!fits && filled - at < length_size + wire::header_size) break;
        // Of a query that is too long its beginning is enough to say so.
        const auto message =
            std::span{input}.subspan(at + length_size, fits ? length : wire::header_size);
        last = !fits;
        const auto room = answers.subspan(written + length_size, wire::max_message);
        const auto size = engine::respond(snapshot, message, client, random, room);
        if (size == 0) last = true;  // no DNS query: nothing better will follow
        if (size == engine::deferred) {
            deferred.assign(message.begin(), message.end());
        } else if (size > 0) {
            wire::write16(answers, written, size);
            written += length_size + size;
        }
        at += length_size + message.size();
    }
    std::memmove(input.data(), input.data() + at, filled - at);
    filled -= at;
    return written;
}

void TcpConnection::write(std::span<const std::uint8_t> answers) {
    boost::system::error_code fault;
    const auto taken = socket.write_some(asio::buffer(answers.data(), answers.size()), fault);
    if (fault && fault != asio::error::would_block) {
        last = true;
        return;
    }
    const auto left = answers.subspan(taken);
    output.assign(left.begin(), left.end());
}

void TcpConnection::go_on() {
    try {
        const auto message = rest->next();
        if (message.empty()) return rest.reset();
        append(message);
    } catch (const std::bad_alloc&) {
        rest.reset();
        last = true;
    }
}

void TcpConnection::append(std::span<const std::uint8_t> message) {
    geo::append_number(output, message.size(), length_size);
    output.insert(output.end(), message.begin(), message.end());
}

int TcpConnection::unsent() {
    tcp_info info{};
    socklen_t size = sizeof info;
    const int number = socket.native_handle();
    if (::getsockopt(number, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
        info.tcpi_state == TCP_CLOSE)
        return 0;
    int octets = 0;
    return ::ioctl(number, SIOCOUTQ, &octets) == 0 ? octets : 0;
}

void TcpConnection::cut_off() {
    boost::system::error_code ignored;
    if (socket.is_open() && unsent() > 0)
        socket.set_option(asio::socket_base::linger{true, 0}, ignored);
    socket.close(ignored);
}

}  // namespace net
