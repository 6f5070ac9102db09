// SPDX-License-Identifier: Apache-2.0
#pragma once
// A file descriptor that closes itself.

#include <utility>

#include <unistd.h>

namespace geo {

class Descriptor {
 public:
    /// Takes the descriptor that open() or the like returned; a negative number means none.
    explicit Descriptor(int number) noexcept : number_{number} {}
    Descriptor(Descriptor&& other) noexcept : number_{std::exchange(other.number_, -1)} {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int operator*() const noexcept { return number_; }
    /// Closes the descriptor. False when close() reports an error: what was written may not have
    /// reached the file.
    [[nodiscard]] bool close() noexcept { return ::close(std::exchange(number_, -1)) == 0; }

 private:
    int number_;
};

}  // namespace geo
