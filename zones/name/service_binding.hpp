// SPDX-License-Identifier: Apache-2.0
#pragma once
// The parameters of SVCB and HTTPS records (RFC 9460), in both forms. Clients ignore a record that has
// one of these faults, or the whole RRset, so none is let into a zone. Control path.

#include "zones/name/value_words.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

/// Appends what "alpn=h2,h3 port=8443 …" says, keys in ascending order (§2.1). Returns what is wrong;
/// empty when nothing is.
[[nodiscard]] std::string write_parameters(std::span<const Word> words,
                                           std::vector<std::uint8_t>& octets);

/// What is wrong with parameters in wire form; empty when nothing is. Keys ascend (§2.2), those of
/// "mandatory" are there (§8), "no-default-alpn" needs "alpn" (§7.1.1), and the values of keys that
/// are known have their form (§7, §8; RFC 9461 §5; RFC 9540 §4).
[[nodiscard]] std::string_view fault_of_parameters(std::span<const std::uint8_t> octets);

}  // namespace zones
