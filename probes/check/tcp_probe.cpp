// SPDX-License-Identifier: Apache-2.0
#include "probes/check/fault.hpp"
#include "probes/check/probe_kinds.hpp"

#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

namespace probes {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

/// Closes by a reset: hundreds of targets a second must not leave a minute of TIME_WAIT each.
void close(tcp::socket& socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::socket::linger{true, 0}, ignored);
    socket.close(ignored);
}

}  // namespace

asio::awaitable<ProbeResult> try_tcp(CheckPtr check) {
    const auto executor = co_await asio::this_coro::executor;
    tcp::socket socket{executor};
    asio::steady_timer deadline{executor, check->timeout};
    const auto start = Clock::now();
    // The group cancels and awaits the one that comes second, so nothing outlives this frame.
    auto race = asio::experimental::make_parallel_group(
        socket.async_connect(endpoint_of(*check), asio::deferred),
        deadline.async_wait(asio::deferred));
    const auto [order, connect_fault, deadline_fault] =
        co_await race.async_wait(asio::experimental::wait_for_one{}, asio::use_awaitable);
    const auto round_trip = Clock::now() - start;
    close(socket);
    if (order.front() == 1) co_return not_connected(no_answer(*check));
    if (connect_fault) co_return not_connected(result_of(connect_fault, *check));
    co_return pass("connected", round_trip);
}

}  // namespace probes
