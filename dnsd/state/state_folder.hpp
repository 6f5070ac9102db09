// SPDX-License-Identifier: Apache-2.0
#pragma once
// The folder of what a server keeps over restarts, and of the socket by which commands reach it.
// One server at a time has it.

#include "geo/base/result.hpp"

#include <string>

namespace control {

[[nodiscard]] std::string state_file_in(const std::string& folder);
[[nodiscard]] std::string clients_file_in(const std::string& folder);
[[nodiscard]] std::string latency_file_in(const std::string& folder);
[[nodiscard]] std::string resolvers_file_in(const std::string& folder);
/// A folder in it.
[[nodiscard]] std::string zones_in(const std::string& folder);
[[nodiscard]] std::string socket_in(const std::string& folder);

/// Held open, and locked, for as long as the object lives.
class StateFolder {
 public:
    /// Makes the folder if it is missing, but not those above it. Fails when it cannot be written, or
    /// another server has it. The folder becomes the user's alone (mode 0700), and so does what an
    /// earlier server has left in it (0600), whatever modes they had.
    [[nodiscard]] static geo::Result<StateFolder> open(const std::string& path);
    /// Why others may reach into it all the same: it is a folder that many use, as /tmp, or
    /// somebody else's. Empty when they may not.
    [[nodiscard]] const std::string& exposure() const noexcept { return exposure_; }
    StateFolder(StateFolder&& other) noexcept;
    StateFolder& operator=(StateFolder&&) = delete;
    ~StateFolder();

 private:
    explicit StateFolder(int descriptor) noexcept : descriptor_{descriptor} {}
    void close_to_others(const std::string& path);

    int descriptor_;
    std::string exposure_;
};

}  // namespace control
