// SPDX-License-Identifier: Apache-2.0
#pragma once
// The relays of the edges and the web servers of home, with the configurations of docs/relay.md.

#include "tests/support/temporary_folder.hpp"
#include "tests/wan/site.hpp"

#include <memory>
#include <string>

namespace wan {

constexpr std::uint16_t media_port = 32400;
/// Each line of the film tells where it begins: 16 octets, the last one an end of line.
constexpr std::size_t film_octets = std::size_t{16} << 20;
[[nodiscard]] std::string film_part(std::size_t from, std::size_t octets);

enum class RelayKind : std::uint8_t { Nginx, NginxWithProxyProtocol, HaproxyWithProxyProtocol };

/// Starts a relay in front of home, as soon as it listens.
[[nodiscard]] std::unique_ptr<support::Process> start_relay(RelayKind kind, const Site& edge,
                                                            const Site& home,
                                                            const support::TemporaryFolder& folder);

/// Home: a server with a film on the media port, and before it, on the port behind, an nginx that
/// understands the PROXY protocol.
class Home {
 public:
    Home(const Site& site, const support::TemporaryFolder& folder);
    /// Whether the media server has been told of a client with this address.
    [[nodiscard]] bool has_seen(const std::string& client) const;

 private:
    std::string log_;
    std::unique_ptr<support::Process> process_;
};

}  // namespace wan
