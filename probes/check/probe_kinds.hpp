// SPDX-License-Identifier: Apache-2.0
#pragma once
// One attempt of each kind; run_check() chooses among them. Each ends within the check's timeout.
// Exceptions of libraries pass through, and run_check() makes a result of them.

#include "probes/check/probe.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace probes {

/// Completion token: errors come as values.
constexpr auto nothrow = boost::asio::as_tuple(boost::asio::use_awaitable);

[[nodiscard]] boost::asio::awaitable<ProbeResult> try_tcp(CheckPtr check);
[[nodiscard]] boost::asio::awaitable<ProbeResult> try_http(CheckPtr check);
[[nodiscard]] boost::asio::awaitable<ProbeResult> try_https(CheckPtr check);
[[nodiscard]] boost::asio::awaitable<ProbeResult> try_tls(CheckPtr check);
[[nodiscard]] boost::asio::awaitable<ProbeResult> try_command(CheckPtr check);
/// In a thread of its own: a disk may hang.
[[nodiscard]] boost::asio::awaitable<ProbeResult> try_file(CheckPtr check);

}  // namespace probes
