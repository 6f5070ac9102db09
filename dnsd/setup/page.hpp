// SPDX-License-Identifier: Apache-2.0
#pragma once
// DO-THIS.md: what is to be done on each VM, at home and at the registrar, in order.

#include "dnsd/setup/plan.hpp"

namespace setup {

[[nodiscard]] std::string page_of(const Plan& plan);

/// The page and all folders.
[[nodiscard]] Files files_of(const Plan& plan, const Secrets& secrets);

}  // namespace setup
