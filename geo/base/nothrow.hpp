// SPDX-License-Identifier: Apache-2.0
#pragma once
// How coroutines here await: faults come back as values.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace geo {

/// `const auto [fault, …] = co_await thing.async_wait(nothrow);` A fault throws nothing.
constexpr auto nothrow = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace geo
