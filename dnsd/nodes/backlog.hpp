// SPDX-License-Identifier: Apache-2.0
#pragma once
// Counts the records that a peer has told and that nobody has taken in yet, so that the teller can
// wait. Any thread may take them in.

#include <atomic>
#include <cstddef>
#include <memory>

namespace transfer {

class Backlog {
 public:
    /// Whoever takes records in holds this until that is done. While a copy is left, the
    /// records count as waiting.
    using Hold = std::shared_ptr<const void>;

    [[nodiscard]] Hold add(std::size_t records) const {
        *waiting_ += records;
        const auto leave = [waiting = waiting_, records](const void*) { *waiting -= records; };
        return {static_cast<const void*>(nullptr), leave};
    }
    /// Returns how many records wait.
    [[nodiscard]] std::size_t waiting() const noexcept { return *waiting_; }

 private:
    std::shared_ptr<std::atomic<std::size_t>> waiting_ =
        std::make_shared<std::atomic<std::size_t>>(0);
};

}  // namespace transfer
