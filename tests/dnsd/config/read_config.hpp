// SPDX-License-Identifier: Apache-2.0
#pragma once
// A configuration file of this text, and what came of reading it.

#include "dnsd/config/config.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace support {

struct ReadConfig {
    std::optional<control::Config> config;
    geo::Problems problems;
    std::string folder;  // in which the file stood
};

[[nodiscard]] ReadConfig read_config(std::string_view text);

}  // namespace support
