// SPDX-License-Identifier: Apache-2.0
#include "dnsd/tsig/secret_file.hpp"

#include "geo/base/file.hpp"
#include "geo/text/utf8.hpp"

#include <cerrno>
#include <cstring>
#include <string_view>

#include <sys/stat.h>
#include <unistd.h>

namespace transfer {
namespace {

constexpr std::size_t largest_file = 64 << 10;  // octets

/// Fails when a file is not secret.
geo::Result<void> examine(const std::string& path) {
    struct stat found {};
    if (::stat(path.c_str(), &found) != 0) return geo::Error{std::strerror(errno)};
    if ((found.st_mode & (S_IWGRP | S_IRWXO)) != 0)
        return geo::Error{"others can read or write this secret; \"chmod 640 " + path +
                          "\" mends it"};
    if (found.st_uid != 0 && found.st_uid != ::geteuid()) {
        return geo::Error{"belongs to user " + std::to_string(found.st_uid) + "; \"chown " +
                          std::to_string(::geteuid()) + " " + path + "\" mends it"};
    }
    return {};
}

}  // namespace

geo::Result<std::string> read_secret_file(const std::string& path) {
    const auto secret = examine(path);
    if (!secret) return secret.error();
    const auto text = probes::read_file(path, largest_file);
    if (!text) {
        // Whoever tells of the error names the file already.
        const std::string why = text.error().text;
        const auto named = path + ": ";
        return geo::Error{why.substr(why.starts_with(named) ? named.size() : 0)};
    }
    if (!*text) return geo::Error{"no such file"};
    if (geo::is_utf16(**text)) return geo::Error{std::string{geo::utf16_fault}};
    return {boost::system::in_place_value, geo::without_mark(**text)};
}

}  // namespace transfer
