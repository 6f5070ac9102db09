// SPDX-License-Identifier: Apache-2.0
#pragma once
// The folder that holds what a server keeps over restarts, and the socket by which commands reach
// it. One server at a time has the folder.

#include "geo/base/result.hpp"

#include <string>

namespace control {

[[nodiscard]] std::string state_file_in(const std::string& folder);
[[nodiscard]] std::string clients_file_in(const std::string& folder);
[[nodiscard]] std::string latency_file_in(const std::string& folder);
[[nodiscard]] std::string resolvers_file_in(const std::string& folder);
/// A subfolder; the others here are files, or the socket.
[[nodiscard]] std::string zones_in(const std::string& folder);
[[nodiscard]] std::string socket_in(const std::string& folder);

/// Holds the folder open and locked for as long as the object lives.
class StateFolder {
 public:
    /// Makes the folder if it is missing, but not its parents. Fails if the user cannot write to
    /// the folder, or another server has it. Restricts the folder (mode 0700) and the files that
    /// an earlier server has left in it (0600) to the user, whatever modes they had.
    [[nodiscard]] static geo::Result<StateFolder> open(const std::string& path);
    /// Says why others may reach into the folder all the same: it is a shared one such as /tmp, it
    /// belongs to somebody else, or its mode could not be changed. Empty if they may not.
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
