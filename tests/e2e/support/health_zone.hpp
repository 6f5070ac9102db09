// SPDX-License-Identifier: Apache-2.0
#pragma once
// Zones whose edges have checks, and what a server says of them.

#include "tests/e2e/support/relay.hpp"
#include "tests/e2e/support/server_process.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace e2e {

/// Keys of a check that notices soon. Only the second failure counts: a busy machine may cause one.
constexpr std::string_view quick =
    R"("interval": "1s", "timeout": "1s", "rise": 1, "fall": 2, "damping": false)";

/// The same for "origin", which has no damping.
constexpr std::string_view quick_origin =
    R"("interval": "1s", "timeout": "1s", "rise": 1, "fall": 2)";

/// Returns a check of the relay with this kind, as in `check_of("tcp", relay)`, and these keys.
[[nodiscard]] std::string check_of(std::string_view kind, const Relay& relay,
                                   std::string_view keys = quick);

/// Returns a member of "edges" with this name, the relay's address, and these keys.
[[nodiscard]] std::string edge_of(std::string_view name, const Relay& relay, std::string_view keys);
/// The same with a quick TCP check of the relay.
[[nodiscard]] std::string tcp_edge(std::string_view name, const Relay& relay);

struct HealthZone {
    std::string apex = "health.test";
    std::vector<std::string> edges;             // members of "edges"
    std::map<std::string, std::string> steers;  // name and its "steer"
    std::string keys = {};                      // more at the top, with a comma after each
};
[[nodiscard]] std::string to_text(const HealthZone& zone);

/// Returns a failover policy over these edges, in order.
[[nodiscard]] std::string failover(const std::vector<std::string>& names);

/// Returns the data of the answer, with blanks between; the RCODE if there is none. "NOERROR" then
/// means NODATA.
[[nodiscard]] std::string answer_for(const ServerProcess& server, const std::string& name,
                                     const std::string& subnet = {});
[[nodiscard]] bool comes_to(const ServerProcess& server, const std::string& name,
                            const std::string& answer);

/// Returns the lines that dig prints of the answer.
[[nodiscard]] std::vector<std::string> dig_answer(const Endpoint& server, Command words);
[[nodiscard]] unsigned ttl_of(const std::string& line);
/// Returns the TTLs of the A records of a name, in dig's order.
[[nodiscard]] std::vector<unsigned> ttls_of(const ServerProcess& server, const std::string& name);

/// Returns the TXT records of an observed name, over TCP, without their quotes.
[[nodiscard]] std::vector<std::string> observed(const ServerProcess& server,
                                                const std::string& name = "_probes.health.test");
/// Returns the first line with this fact, as in "edge=first"; empty if there is none.
[[nodiscard]] std::string line_with(const std::vector<std::string>& lines, std::string_view fact);
/// Returns the value after `key=` in a line; empty if there is none.
[[nodiscard]] std::string fact(const std::string& line, std::string_view key);
/// Returns a fact of this edge's line of `_probes.health.test`.
[[nodiscard]] std::string edge_fact(const ServerProcess& server, std::string_view edge,
                                    std::string_view key);

[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

}  // namespace e2e
