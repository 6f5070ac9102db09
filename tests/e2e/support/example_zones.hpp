// SPDX-License-Identifier: Apache-2.0
#pragma once
// The zones that tests serve.

#include <string>
#include <string_view>

namespace e2e {

/// zones/plex.example.com.json, the file with which a newcomer begins.
constexpr const char* example_zone = PROJECT_FOLDER "/zones/plex.example.com.json";

/// Returns a small zone. Its apex has an A record with this address, and its name "version" a TXT
/// record with the same text. It also has an alias, a wildcard, and a set too large for UDP.
[[nodiscard]] std::string plain_zone(std::string_view apex, std::string_view address = "192.0.2.1");

/// Returns a zone that answers "where" by country: 192.0.2.1 for Germany, 192.0.2.2 for India, else
/// 192.0.2.3.
[[nodiscard]] std::string steered_zone(std::string_view apex);

/// Returns a zone file with one fault, in line 3, column 6.
[[nodiscard]] std::string faulty_zone(std::string_view apex);

}  // namespace e2e
