// SPDX-License-Identifier: Apache-2.0
#pragma once
// Zones whose edges are checked, and what a server says of them.

#include "tests/e2e/relay.hpp"
#include "tests/e2e/server_process.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace e2e {

/// Keys of a check that notices soon. The second failure counts: a busy machine may cause one.
constexpr std::string_view quick =
    R"("interval": "200ms", "timeout": "200ms", "rise": 1, "fall": 2, "damping": false)";

/// The same for "origin", which has no damping.
constexpr std::string_view quick_origin =
    R"("interval": "200ms", "timeout": "200ms", "rise": 1, "fall": 2)";

/// A check with its kind and port, as in `check_of("tcp", relay)`, and these keys.
[[nodiscard]] std::string check_of(std::string_view kind, const Relay& relay,
                                   std::string_view keys = quick);

/// A member of "edges": its name, the relay's address, and more keys.
[[nodiscard]] std::string edge_of(std::string_view name, const Relay& relay, std::string_view keys);
/// The same with a quick TCP check of the relay.
[[nodiscard]] std::string tcp_edge(std::string_view name, const Relay& relay);

struct HealthZone {
    std::string apex = "health.test";
    std::vector<std::string> edges;             // members of "edges"
    std::map<std::string, std::string> steers;  // name and its "steer"
    std::string keys = {};                      // more at the top, with a comma behind each
};
[[nodiscard]] std::string to_text(const HealthZone& zone);

/// "first", "second" … in order, as a list of JSON.
[[nodiscard]] std::string failover(const std::vector<std::string>& names);

/// Data of the answer, blanks between; the RCODE when there is none. "NOERROR" is NODATA then.
[[nodiscard]] std::string answer_for(const ServerProcess& server, const std::string& name,
                                     const std::string& subnet = {});
[[nodiscard]] bool comes_to(const ServerProcess& server, const std::string& name,
                            const std::string& answer);

/// What dig prints of the answer, its lines.
[[nodiscard]] std::vector<std::string> dig_answer(const Endpoint& server, Command words);
[[nodiscard]] unsigned ttl_of(const std::string& line);
/// TTLs of the A records of a name, as dig has them.
[[nodiscard]] std::vector<unsigned> ttls_of(const ServerProcess& server, const std::string& name);

/// TXT records of an observed name, over TCP, without their quotes.
[[nodiscard]] std::vector<std::string> observed(const ServerProcess& server,
                                                const std::string& name = "_probes.health.test");
/// The first line that has this fact, as in "edge=first"; empty without one.
[[nodiscard]] std::string line_with(const std::vector<std::string>& lines, std::string_view fact);
/// What stands behind `key=` in a line; empty when it is not there.
[[nodiscard]] std::string fact(const std::string& line, std::string_view key);
/// A fact of this edge's line of `_probes.health.test`.
[[nodiscard]] std::string edge_fact(const ServerProcess& server, std::string_view edge,
                                    std::string_view key);

[[nodiscard]] std::vector<std::string> lines_of(const std::string& text);

}  // namespace e2e
