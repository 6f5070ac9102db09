// SPDX-License-Identifier: Apache-2.0
#include "dnsd/tsig/secret_file.hpp"

#include "geo/base/file.hpp"
#include "geo/text/utf8.hpp"

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

namespace transfer {
namespace {

constexpr std::size_t largest_file = 64 << 10;  // octets

/// Returns why a file is not secret; empty when it is.
std::string exposure(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return std::strerror(errno);
    if ((found.st_mode & (S_IWGRP | S_IRWXO)) != 0)
        return "others can read or write this secret; \"chmod 640 " + path + "\" mends it";
    if (found.st_uid != 0 && found.st_uid != ::geteuid()) {
        return "belongs to user " + std::to_string(found.st_uid) + "; \"chown " +
               std::to_string(::geteuid()) + " " + path + "\" mends it";
    }
    return {};
}

}  // namespace

std::optional<std::string> read_secret_file(const std::string& path, geo::Problems& problems) {
    const auto fault = [&](std::string text) {
        problems.push_back({.file = path, .path = {}, .text = std::move(text)});
        return std::nullopt;
    };
    if (auto text = exposure(path); !text.empty()) return fault(std::move(text));
    auto text = probes::read_file(path, largest_file);
    if (!text) {
        // The problem names the file already.
        const std::string why = text.error().text;
        const auto named = path + ": ";
        return fault(why.substr(why.starts_with(named) ? named.size() : 0));
    }
    if (!*text) return fault("no such file");
    if (geo::is_utf16(**text)) return fault(std::string{geo::utf16_fault});
    return std::string{geo::without_mark(**text)};
}

}  // namespace transfer
