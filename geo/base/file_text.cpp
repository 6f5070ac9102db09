// SPDX-License-Identifier: Apache-2.0
#include "geo/base/file_text.hpp"

#include "geo/base/regular_file.hpp"
#include "geo/text/utf8.hpp"

#include <utility>

#include <sys/stat.h>

namespace zones {
namespace {

constexpr std::size_t max_size = std::size_t{1} << 30;

}  // namespace

std::optional<std::string> read_file(const std::string& path, geo::Problems& problems) {
    const auto fail = [&](std::string text) {
        problems.push_back({.file = path, .path = {}, .text = std::move(text)});
        return std::nullopt;
    };
    auto text = geo::read_regular_file(path, max_size);
    if (!text) return fail(text.error().text);
    if (geo::is_utf16(*text)) return fail(std::string{geo::utf16_fault});
    text->erase(0, text->size() - geo::without_mark(*text).size());
    return *std::move(text);
}

std::optional<std::string> FilesOnDisk::read(const std::string& path, geo::Problems& problems) {
    return read_file(path, problems);
}

std::int64_t FilesOnDisk::changed(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mtim.tv_sec : 0;
}

}  // namespace zones
