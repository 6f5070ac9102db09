// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads the values of a check's keys, one function for each kind. A function that finds no such
// value writes a fault to the document and returns an empty result.

#include "probes/check/check.hpp"
#include "zones/json/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

/// Returns a host name in lower case, without a dot at its end; empty when `text` is no host name.
/// Reports nothing.
[[nodiscard]] std::string read_host(std::string_view text);

/// Reads a host name, as in "plex.example.com".
[[nodiscard]] std::string read_host_name(const Json& value);

/// Reads "GET", "HEAD" or "OPTIONS".
[[nodiscard]] std::string read_method(const Json& value);

/// Reads {"Accept": "text/html", …}: up to 16 header fields of a request, each once. A field that
/// the check itself sends (Host, Connection, the length of a body) is a fault.
[[nodiscard]] std::vector<probes::Header> read_headers(const Json& value);

/// Reads the path that a GET asks for, as in "/identity".
[[nodiscard]] std::string read_url_path(const Json& value);

/// Reads 404, "2xx", or a list of these. Returns them in ascending order, each once.
[[nodiscard]] std::vector<probes::StatusRange> read_statuses(const Json& value);

/// Reads a program's absolute path, or a list of that path and the program's arguments.
[[nodiscard]] std::vector<std::string> read_command(const Json& value);

/// Reads the absolute path of a file.
[[nodiscard]] std::string read_file_path(const Json& value);

/// Reads 10 or "10 %", up to 50.
[[nodiscard]] std::optional<std::uint8_t> read_jitter(const Json& value);

/// Reads false (no damping) or {"downs": 3, "within": "10m", "hold": "1m", "longest": "10m"}. An
/// absent key has its default.
[[nodiscard]] probes::Damping read_damping(const Json& value);

}  // namespace zones
