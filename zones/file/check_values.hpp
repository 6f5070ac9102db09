// SPDX-License-Identifier: Apache-2.0
#pragma once
// The values of a check's keys, each by itself. What is none is a fault of the document, and then
// the result is empty.

#include "probes/check/check.hpp"
#include "zones/json/json.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

/// A host name without a dot at its end and in lower case; empty when it is none. Reports nothing.
[[nodiscard]] std::string read_host(std::string_view text);

/// "plex.example.com".
[[nodiscard]] std::string read_host_name(const Json& value);

/// "GET", "HEAD" or "OPTIONS".
[[nodiscard]] std::string read_method(const Json& value);

/// {"Accept": "text/html", …}: up to 16 fields of a request, each once. What the check says of
/// itself (Host, Connection, the length of a body) is none of them.
[[nodiscard]] std::vector<probes::Header> read_headers(const Json& value);

/// "/identity": what a GET asks for.
[[nodiscard]] std::string read_url_path(const Json& value);

/// 404, "2xx", or a list of such: in order, and each once.
[[nodiscard]] std::vector<probes::StatusRange> read_statuses(const Json& value);

/// A program's absolute path, or a list of it and its arguments.
[[nodiscard]] std::vector<std::string> read_command(const Json& value);

/// The absolute path of a file.
[[nodiscard]] std::string read_file_path(const Json& value);

/// 10 or "10 %", up to 50.
[[nodiscard]] std::optional<std::uint8_t> read_jitter(const Json& value);

/// false, which is no damping, or {"downs": 3, "within": "10m", "hold": "1m", "longest": "10m"},
/// with defaults for what is absent.
[[nodiscard]] probes::Damping read_damping(const Json& value);

}  // namespace zones
