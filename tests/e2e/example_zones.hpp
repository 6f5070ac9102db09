// SPDX-License-Identifier: Apache-2.0
#pragma once
// The zones that tests serve.

#include <string>
#include <string_view>

namespace e2e {

/// zones/plex.example.com.json, the file that a newcomer begins with.
constexpr const char* example_zone = PROJECT_FOLDER "/zones/plex.example.com.json";

/// A small zone whose apex has this A record and whose "version" has this TXT record. Also with an
/// alias, a wildcard and a set that is too large for UDP.
[[nodiscard]] std::string plain_zone(std::string_view apex, std::string_view address = "192.0.2.1");

/// "where" is answered by country: 192.0.2.1 for Germany, 192.0.2.2 for India, else 192.0.2.3.
[[nodiscard]] std::string steered_zone(std::string_view apex);

/// A zone file with one fault, in the third line and its sixth column.
[[nodiscard]] std::string faulty_zone(std::string_view apex);

}  // namespace e2e
