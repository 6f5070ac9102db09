// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs check_as_server() in a process of its own, which may become another user and may hang at a dead
// disk, while this process goes on as it is.

#include "dnsd/config/config.hpp"
#include "geo/base/clock.hpp"
#include "geo/base/descriptor.hpp"
#include "geo/base/problem.hpp"

#include <array>
#include <optional>

#include <sys/types.h>

namespace commands {

class FileCheck {
 public:
    /// Starts the process. This process must have no other threads.
    explicit FileCheck(const control::Config& config);
    FileCheck(const FileCheck&) = delete;
    FileCheck& operator=(const FileCheck&) = delete;
    /// Kills the process.
    ~FileCheck();

    /// Waits for the problems until `deadline`; nothing if they do not come.
    [[nodiscard]] std::optional<geo::Problems> problems(probes::Time deadline);

 private:
    pid_t process_ = -1;
    std::array<int, 2> ends_{-1, -1};
    geo::Descriptor pipe_;  // what the process writes
};

}  // namespace commands
