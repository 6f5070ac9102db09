// SPDX-License-Identifier: Apache-2.0
#pragma once
// A state as it is saved, moments at which it is read, and what of it comes back.

#include "probes/health/state_file.hpp"

#include <chrono>
#include <string>

namespace probes_test {

extern const probes::Moment writing;

/// Returns the moment so long after writing, in the same boot.
[[nodiscard]] probes::Moment after(std::chrono::seconds gone);
/// Returns the moment so long after writing by the wall clock, in the boot that follows: steady
/// begins anew.
[[nodiscard]] probes::Moment rebooted(std::chrono::seconds gone);

/// A state with a record of each kind, and the file that it makes at `writing`.
[[nodiscard]] probes::SavedState example();
extern const std::string example_text;

void check_equal(const probes::SavedState& left, const probes::SavedState& right);

/// Reads a state of which targets may be 600 s old.
[[nodiscard]] probes::SavedState read(const std::string& text, const probes::Moment& at,
                                      std::string& fault);
/// The same, of a text without a fault.
[[nodiscard]] probes::SavedState read_well(const std::string& text, const probes::Moment& at);

}  // namespace probes_test
