// SPDX-License-Identifier: Apache-2.0
#pragma once
// The folder of what a server keeps over restarts, and of the socket by which commands reach it.
// One server at a time has it.

#include "geo/result.hpp"

#include <string>

namespace control {

constexpr const char* default_state_folder = "/var/lib/isochrone";

[[nodiscard]] std::string state_file_in(const std::string& folder);
[[nodiscard]] std::string clients_file_in(const std::string& folder);
[[nodiscard]] std::string latency_file_in(const std::string& folder);
[[nodiscard]] std::string resolvers_file_in(const std::string& folder);
[[nodiscard]] std::string socket_in(const std::string& folder);

/// Held open, and locked, for as long as the object lives.
class StateFolder {
 public:
    /// Makes the folder if it is missing, but not those above it. Fails when it cannot be written, or another server has it.
    [[nodiscard]] static geo::Result<StateFolder> open(const std::string& path);
    StateFolder(StateFolder&& other) noexcept;
    StateFolder& operator=(StateFolder&&) = delete;
    ~StateFolder();

 private:
    explicit StateFolder(int descriptor) noexcept : descriptor_{descriptor} {}
    int descriptor_;
};

}  // namespace control
