// SPDX-License-Identifier: Apache-2.0
#pragma once
// What was told and waits to be taken in, by whichever thread: so that whoever tells it can wait.

#include <atomic>
#include <cstddef>
#include <memory>

namespace transfer {

class Backlog {
 public:
    /// To be held, in however many copies, until it is taken in.
    using Place = std::shared_ptr<const void>;

    [[nodiscard]] Place add(std::size_t records) const {
        *waiting_ += records;
        const auto leave = [waiting = waiting_, records](const void*) { *waiting -= records; };
        return {static_cast<const void*>(nullptr), leave};
    }
    /// Records.
    [[nodiscard]] std::size_t waiting() const noexcept { return *waiting_; }

 private:
    std::shared_ptr<std::atomic<std::size_t>> waiting_ =
        std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace transfer
