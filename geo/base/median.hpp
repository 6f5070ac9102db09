// SPDX-License-Identifier: Apache-2.0
#pragma once
// The median: a figure that one wrong value hardly moves.

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <span>

namespace geo {

/// Returns the middle value, or the mean of the two in the middle. Needs at least one value, and
/// changes the order of `values`.
[[nodiscard]] inline double median(std::span<double> values) {
    assert(!values.empty());
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    if (values.size() % 2 == 1) return *middle;
    return (*std::max_element(values.begin(), middle) + *middle) / 2;
}

}  // namespace geo
