// SPDX-License-Identifier: Apache-2.0
#pragma once
// The files for home: its end of the tunnel, and what makes it a good sender.

#include "dnsd/setup/plan.hpp"

namespace setup {

[[nodiscard]] Files home_files(const Plan& plan, const Secrets& secrets);

}  // namespace setup
