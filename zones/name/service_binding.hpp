// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads and checks the parameters of SVCB and HTTPS records (RFC 9460), in text and in wire form.
// Clients ignore a record, or the whole RRset, that has one of these faults, so a zone may have
// none. Control path.

#include "zones/name/value_words.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zones {

/// Appends the parameters that "alpn=h2,h3 port=8443 …" says, keys in ascending order (§2.1).
/// Returns what is wrong; empty when nothing is.
[[nodiscard]] std::string write_parameters(std::span<const Word> words,
                                           std::vector<std::uint8_t>& octets);

/// Returns what is wrong with parameters in wire form; empty when nothing is. Keys must ascend
/// (§2.2), the keys that "mandatory" lists must be there (§8), "no-default-alpn" needs "alpn"
/// (§7.1.1), and the values of known keys must have their form (§7, §8; RFC 9461 §5; RFC 9540 §4).
[[nodiscard]] std::string_view fault_of_parameters(std::span<const std::uint8_t> octets);

}  // namespace zones
