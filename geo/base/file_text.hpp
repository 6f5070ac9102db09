// SPDX-License-Identifier: Apache-2.0
#pragma once
// The text of a file that an operator wrote, and the sources that such texts come from. Control
// path.

#include "geo/base/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace zones {

/// Returns all of a file of at most 1 GiB in UTF-8, without a byte order mark. Returns nothing, and
/// adds a problem, when the file cannot be read or is UTF-16. Throws std::system_error when the
/// machine has no descriptor or memory for it. That is not the file's fault, and passes when others
/// give some back.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path,
                                                   geo::Problems& problems);

/// Where the files of a zone are read from: the disk, or a kept copy of them.
class Texts {
 public:
    Texts() = default;
    Texts(const Texts&) = delete;
    Texts& operator=(const Texts&) = delete;
    virtual ~Texts() = default;

    /// Returns the same as read_file() does.
    [[nodiscard]] virtual std::optional<std::string> read(const std::string& path,
                                                          geo::Problems& problems) = 0;
    /// Returns when the file was last changed, in seconds since 1970; 0 when that is not known.
    [[nodiscard]] virtual std::int64_t changed(const std::string& path) = 0;
};

class FilesOnDisk : public Texts {
 public:
    [[nodiscard]] std::optional<std::string> read(const std::string& path,
                                                  geo::Problems& problems) override;
    [[nodiscard]] std::int64_t changed(const std::string& path) override;
};

}  // namespace zones
