// SPDX-License-Identifier: Apache-2.0
#pragma once
// The part of the page that is about the parent zone: delegation, and what comes after it.

#include "dnsd/setup/plan.hpp"

namespace setup {

[[nodiscard]] std::string page_parent(const Plan& plan);

}  // namespace setup
