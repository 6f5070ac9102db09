// SPDX-License-Identifier: Apache-2.0
#pragma once
// A folder for the files of one test. It goes with all its files when the test ends.

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace support {

class TemporaryFolder {
 public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();

    /// Returns the path of a file in the folder. The file need not exist.
    [[nodiscard]] std::string path(std::string_view name) const;
    /// Writes a file, replaces an older one of this name, and returns the path.
    std::string write(std::string_view name, std::string_view text) const;
    std::string write(std::string_view name, std::span<const std::uint8_t> octets) const;

 private:
    std::filesystem::path folder_;
};

}  // namespace support
