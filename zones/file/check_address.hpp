// SPDX-License-Identifier: Apache-2.0
#pragma once
// The address that a check asks. A check of a zone file becomes one check for each address; in the
// arguments of a command, "{address}" stands for it. Control path.

#include "geo/place/address.hpp"
#include "probes/check/check.hpp"

namespace zones {

/// Decides whether a check asks addresses at all: a file has none, and a command only where an
/// argument has "{address}" in it. A command that could not be read counts as one that does.
[[nodiscard]] bool asks_addresses(const probes::Check& check);

/// Returns the check that asks this address.
[[nodiscard]] probes::Check asking(probes::Check check, const geo::Address& address);

}  // namespace zones
