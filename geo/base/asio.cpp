// SPDX-License-Identifier: Apache-2.0
// Compiles Asio once, here, instead of in each file that includes it.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
