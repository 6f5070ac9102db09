// SPDX-License-Identifier: Apache-2.0
#pragma once
// Reads names in a message from an untrusted sender (RFC 1035 §4.1.4). No allocation; a name costs
// a bounded number of steps, however it is compressed.

#include "dnsd/wire/message.hpp"
#include "zones/name/name.hpp"

#include <cstddef>

namespace wire {

/// Reads the name at `at`, compressed or not, and moves `at` behind it. Returns false when there is
/// no name. Pointers may only lead backwards.
[[nodiscard]] bool read_name(Octets message, std::size_t& at, zones::Name& name) noexcept;

}  // namespace wire
