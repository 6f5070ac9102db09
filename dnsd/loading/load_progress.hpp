// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far a load is. The thread that loads writes it, and any thread may read it.

#include <atomic>
#include <cstddef>
#include <string>

namespace control {

struct LoadProgress {
    std::atomic<std::size_t> files{0};    // zone files, of this load
    std::atomic<std::size_t> at_file{0};  // counted from 1
    std::atomic<bool> maps{false};        // all are read; the maps of policies are made now

    /// "reads zone file 3 of 10".
    [[nodiscard]] std::string text() const {
        const auto all = std::to_string(files.load());
        if (maps) return "has read " + all + " zone files, makes the maps of their policies";
        return "reads zone file " + std::to_string(at_file.load()) + " of " + all;
    }
};

}  // namespace control
