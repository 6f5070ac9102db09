// SPDX-License-Identifier: Apache-2.0
#pragma once
// Asks the resolvers of this machine, as its other programs do.

#include "dnsd/transfer/ask.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace doctor {

/// Returns the resolvers that resolv.conf(5) names in this text: three at most, as the C library
/// asks. Without any, that is 127.0.0.1. Passes over addresses of a link ("fe80::1%eth0").
[[nodiscard]] std::vector<net::Endpoint> resolvers_in(std::string_view text);

class Resolver {
 public:
    /// `resolvers` is not empty. `asker` must outlive this.
    Resolver(transfer::Asker& asker, std::vector<net::Endpoint> resolvers)
        : asker_{asker}, resolvers_{std::move(resolvers)} {}

    /// Asks one resolver after the other, until one answers. The next question begins with that
    /// one. The fault names all that were asked.
    [[nodiscard]] boost::asio::awaitable<transfer::Reply> ask(zones::Name name, zones::RrType type);

    struct Addresses {
        std::vector<geo::Address> found{};
        std::string fault{};  // why none was found
    };
    /// Returns the IPv4 addresses of a name, and those of IPv6 if `both` or if there are no others.
    [[nodiscard]] boost::asio::awaitable<Addresses> addresses(zones::Name name, bool both);

 private:
    transfer::Asker& asker_;
    std::vector<net::Endpoint> resolvers_;
    std::size_t good_ = 0;  // the one that answered last
};

}  // namespace doctor
