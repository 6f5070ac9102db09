// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a fault of a zone points to, without keeping the file's values: a zone of a million names
// has a million positions.

#include <cstdint>
#include <string>

namespace zones {

/// Where an RRset stands in the file that it comes from. Only that file's Source knows what the
/// numbers mean.
struct FilePosition {
    std::uint32_t part = 0;
    std::uint32_t item = 0;
};

/// A file that a zone is read from, which writes what is wrong to its problems.
class Source {
 public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    virtual ~Source() = default;

    virtual void fault_at(FilePosition position, std::string text) const = 0;
    virtual void warn_at(FilePosition position, std::string text) const = 0;
};

}  // namespace zones
