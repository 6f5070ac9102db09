// SPDX-License-Identifier: Apache-2.0
#pragma once
// What several of the files have in common.

#include "dnsd/setup/plan.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace setup {

/// The media server, as its port tells.
enum class Service : std::uint8_t { Plex, Jellyfin, Other };
[[nodiscard]] Service service_of(const Plan& plan);

/// Replaces each "@WORD@" of a text. All words must be given.
using Words = std::initializer_list<std::pair<std::string_view, std::string>>;
[[nodiscard]] std::string filled(std::string_view text, Words words);

/// The zone without the dot at its end.
[[nodiscard]] std::string zone_of(const Plan& plan);
[[nodiscard]] std::size_t name_server_count(const Plan& plan);
/// "ns1.plex.example.com": the name server at an edge, for index < name_server_count().
[[nodiscard]] std::string name_server(const Plan& plan, std::size_t index);
[[nodiscard]] bool has(const Edge& edge, geo::Family family);
/// An edge's address in the tunnel, which is in the /24 of home's.
[[nodiscard]] std::string tunnel_address(const Plan& plan, std::size_t index);

/// A script that puts files of its folder into place. `body` has lines of put.
[[nodiscard]] std::string install_script(const std::string& where, const std::string& body);
/// The files that every sender of films has: congestion control and buffers.
[[nodiscard]] Files tuning_files(const std::string& folder);
/// Lines of install_script() for these.
[[nodiscard]] std::string tuning_lines();

}  // namespace setup
