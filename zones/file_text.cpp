// SPDX-License-Identifier: Apache-2.0
#include "zones/file_text.hpp"

#include "geo/regular_file.hpp"

#include <utility>

#include <sys/stat.h>

namespace zones {
namespace {

constexpr std::size_t max_size = std::size_t{1} << 30;

}  // namespace

std::optional<std::string> read_file(const std::string& path, geo::Problems& problems) {
    auto text = geo::read_regular_file(path, max_size);
    if (text) return *std::move(text);
    problems.push_back({.file = path, .path = {}, .text = text.error().text});
    return std::nullopt;
}

std::optional<std::string> FilesOnDisk::read(const std::string& path, geo::Problems& problems) {
    return read_file(path, problems);
}

std::int64_t FilesOnDisk::changed(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mtim.tv_sec : 0;
}

}  // namespace zones
