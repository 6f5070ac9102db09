// SPDX-License-Identifier: Apache-2.0
// Asio is header-only for those who want it so; here it is compiled once.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
