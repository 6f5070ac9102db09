// SPDX-License-Identifier: Apache-2.0
#pragma once
// What SVCB and HTTPS records must be and ldns does not look at (RFC 9460).

#include "zones/record.hpp"

#include <string_view>

namespace zones {

/// What makes clients ignore this RDATA of SVCB or HTTPS; empty when nothing does. Keys ascend
/// (§2.2), those of "mandatory" are there (§8), "no-default-alpn" needs "alpn" (§7.1.1).
[[nodiscard]] std::string_view fault_of_service_binding(const Rdata& rdata);

}  // namespace zones
