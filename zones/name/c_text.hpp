// SPDX-License-Identifier: Apache-2.0
#pragma once
// Text that a C library has allocated.

#include <cstdlib>
#include <memory>

namespace zones {

struct FreeText {
    void operator()(char* text) const noexcept { std::free(text); }
};
using CText = std::unique_ptr<char, FreeText>;

}  // namespace zones
