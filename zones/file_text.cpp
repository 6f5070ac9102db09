// SPDX-License-Identifier: Apache-2.0
#include "zones/file_text.hpp"

#include "geo/shortage.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

#include <sys/stat.h>

namespace zones {
namespace {

constexpr std::size_t max_size = std::size_t{1} << 30;
constexpr std::streamsize piece = 1 << 18;

}  // namespace

std::optional<std::string> read_file(const std::string& path, geo::Problems& problems) {
    const auto fail = [&](std::string text) {
        problems.push_back({.file = path, .path = {}, .text = std::move(text)});
        return std::nullopt;
    };
    std::error_code unreadable;
    const auto status = std::filesystem::status(path, unreadable);
    if (std::filesystem::is_directory(status)) return fail("expected a file, found a folder");
    // A pipe, say, would be waited for.
    if (!unreadable && std::filesystem::exists(status) &&
        !std::filesystem::is_regular_file(status)) {
        return fail("expected a file, found something else");
    }
    errno = 0;
    std::ifstream file{path, std::ios::binary | std::ios::ate};
    if (!file) {
        const int fault = errno;
        geo::throw_if_shortage(fault, path);
        return fail(std::string{"cannot be read: "} + std::strerror(fault));
    }
    const std::streamsize size = file.tellg();
    if (size < 0) return fail("cannot be read: not a file");
    if (static_cast<std::size_t>(size) > max_size) return fail("larger than 1 GiB");
    std::string text(static_cast<std::size_t>(size), '\0');
    file.seekg(0);
    std::streamsize length = 0;
    // In pieces, as other threads wait for the CPU until a system call is over.
    while (file && length < size) {
        file.read(text.data() + length, std::min(piece, size - length));
        length += file.gcount();
    }
    if (file.bad()) return fail(std::string{"cannot be read: "} + std::strerror(errno));
    text.resize(static_cast<std::size_t>(length));  // it may have shrunk meanwhile
    return text;
}

std::optional<std::string> FilesOnDisk::read(const std::string& path, geo::Problems& problems) {
    return read_file(path, problems);
}

std::int64_t FilesOnDisk::changed(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? status.st_mtim.tv_sec : 0;
}

}  // namespace zones
