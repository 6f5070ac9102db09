// SPDX-License-Identifier: Apache-2.0
#include "probes/check/probe.hpp"

#include "probes/check/fault.hpp"
#include "probes/check/probe_kinds.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>

#include <exception>
#include <new>
#include <string>
#include <utility>

namespace probes {
namespace {

namespace asio = boost::asio;

asio::awaitable<ProbeResult> attempt(CheckPtr check) {
    switch (check->kind) {
        case Check::Kind::Tcp:
            return try_tcp(std::move(check));
        case Check::Kind::Http:
            return try_http(std::move(check));
        case Check::Kind::Https:
            return try_https(std::move(check));
        case Check::Kind::Tls:
            return try_tls(std::move(check));
        case Check::Kind::Command:
            return try_command(std::move(check));
        case Check::Kind::File:
            break;
    }
    return try_file(std::move(check));
}

}  // namespace

asio::awaitable<ProbeResult> run_check(CheckPtr check) {
    ProbeResult result;
    try {
        result = co_await attempt(check);
    } catch (const std::bad_alloc&) {
        result = no_word("out of memory");
    } catch (const std::exception& thrown) {
        result = no_word(std::string{"on this machine: "} + thrown.what());
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    // The errors are ours then, and say nothing about the target.
    if (state.cancelled() != asio::cancellation_type::none) co_return no_word("cancelled");
    co_return result;
}

}  // namespace probes
