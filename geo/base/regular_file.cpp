// SPDX-License-Identifier: Apache-2.0
#include "geo/base/regular_file.hpp"

#include "geo/base/descriptor.hpp"
#include "geo/base/shortage.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace geo {
namespace {

// Octets per system call: until it returns, other threads may have to wait for the CPU.
constexpr std::size_t piece = 1 << 18;

Error fault_of(int number, const std::string& path) {
    throw_if_shortage(number, path);
    return {std::string{"cannot be read: "} + std::strerror(number)};
}

std::optional<Error> fault_of(const struct stat& status) {
    if (S_ISREG(status.st_mode)) return std::nullopt;
    return Error{S_ISDIR(status.st_mode) ? "expected a file, found a folder"
                                         : "expected a file, found something else"};
}

std::string text_of(std::size_t octets) {
    const bool large = octets >= std::size_t{1} << 30;
    return std::to_string(octets >> (large ? 30 : 20)) + (large ? " GiB" : " MiB");
}

}  // namespace

Result<std::string> read_regular_file(const std::string& path, std::size_t limit) {
    struct stat status {};
    // Checked before opening as well: a device may react to being opened.
    if (::stat(path.c_str(), &status) != 0) return fault_of(errno, path);
    if (const auto fault = fault_of(status)) return *fault;
    const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)};
    if (*file < 0 || ::fstat(*file, &status) != 0) return fault_of(errno, path);
    if (const auto fault = fault_of(status)) return *fault;
    std::string text;
    text.reserve(std::min(static_cast<std::size_t>(status.st_size), limit));
    for (;;) {
        const auto before = text.size();
        if (before > limit) return Error{"larger than " + text_of(limit)};
        text.resize(before + piece);
        const auto count = ::read(*file, text.data() + before, piece);
        const int fault = errno;
        text.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
        if (count == 0) return Result<std::string>{boost::system::in_place_value, std::move(text)};
        if (count < 0 && fault != EINTR) return fault_of(fault, path);
    }
}

}  // namespace geo
