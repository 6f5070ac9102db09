// SPDX-License-Identifier: Apache-2.0
#include "geo/base/file.hpp"

#include "geo/base/descriptor.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

namespace probes {
namespace {

using geo::Descriptor;

geo::Error system_error(const std::string& name) {
    return {name + ": " + std::strerror(errno)};
}

bool write_new(const std::string& path, std::string_view text) {
    ::unlink(path.c_str());  // left behind by a crash; or a link that would lead elsewhere
    Descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)};
    return *file >= 0 && ::fchmod(*file, 0600) == 0 && write_all(*file, text) &&
           ::fsync(*file) == 0 && file.close();
}

std::string folder_of(const std::string& path) {
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return path.substr(0, std::max<std::size_t>(slash, 1));
}

std::optional<geo::Error> sync_folder(const std::string& path) {
    const Descriptor folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (*folder >= 0 && ::fsync(*folder) == 0) return std::nullopt;
    return system_error(path);
}

}  // namespace

bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const auto written = ::write(file, text.data(), text.size());
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

geo::Result<std::optional<std::string>> read_file(const std::string& path, std::size_t limit) {
    // O_NONBLOCK: opening a pipe must not block
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (*file < 0 && errno == ENOENT) return std::optional<std::string>{};
    struct stat status {};
    if (*file < 0 || ::fstat(*file, &status) != 0) return system_error(path);
    if (!S_ISREG(status.st_mode)) return geo::Error{path + ": not a file"};
    std::string text;
    for (;;) {
        // The size from fstat() does not help: files in /proc have none, and others grow.
        char block[16'384];
        const auto count = ::read(*file, block, sizeof block);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error(path);
        if (count == 0) return std::optional{std::move(text)};
        text.append(block, static_cast<std::size_t>(count));
        if (text.size() > limit) {
            return geo::Error{path + ": larger than " + std::to_string(limit) + " octets"};
        }
    }
}

std::optional<geo::Error> replace_file(const std::string& path, std::string_view text) {
    const auto beside = path + ".new";
    if (!write_new(beside, text)) {
        auto error = system_error(beside);
        ::unlink(beside.c_str());
        return error;
    }
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        auto error = system_error(path);
        ::unlink(beside.c_str());
        return error;
    }
    return sync_folder(folder_of(path));
}

}  // namespace probes
