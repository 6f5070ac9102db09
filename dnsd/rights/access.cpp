// SPDX-License-Identifier: Apache-2.0
#include "dnsd/rights/access.hpp"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace control {
namespace {

namespace fs = std::filesystem;

constexpr unsigned most_links = 16;  // one after another
constexpr mode_t mode_bits = 07777;

std::string user_name(uid_t id) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> text{};
    ::getpwuid_r(id, &entry, text.data(), text.size(), &found);
    return found == nullptr ? std::string{} : found->pw_name;
}

std::string group_name(gid_t id) {
    group entry{};
    group* found = nullptr;
    std::array<char, 16384> text{};
    ::getgrgid_r(id, &entry, text.data(), text.size(), &found);
    return found == nullptr ? std::to_string(id) : found->gr_name;
}

std::string own_name() {
    const auto name = user_name(::geteuid());
    return name.empty() ? fmt::format("user {}", ::geteuid()) : fmt::format("user \"{}\"", name);
}

/// Asks the kernel, which knows of supplementary groups and access lists.
bool denied(const fs::path& path, int wanted) {
    return ::faccessat(AT_FDCWD, path.c_str(), wanted, AT_EACCESS) != 0 &&
           (errno == EACCES || errno == EPERM || errno == EROFS);
}

/// `as` names the file in the text: "it" if the file's path stands before the text.
std::string refusal(const fs::path& path, std::string_view may_not, const std::string& as) {
    struct stat found {};
    const auto what = fmt::format("{} may not {} {}", own_name(), may_not, as);
    if (::stat(path.c_str(), &found) != 0) return what;
    const auto owner = user_name(found.st_uid);
    return fmt::format("{} ({}:{}, {:04o})", what,
                       owner.empty() ? std::to_string(found.st_uid) : owner,
                       group_name(found.st_gid), found.st_mode & mode_bits);
}

/// Walks a path from its root. `last` is the access that is wanted to its end.
std::string denied_on_the_way(const fs::path& path, int last, unsigned links) {
    fs::path at;
    std::error_code fault;
    const auto whole = fs::absolute(path, fault);
    for (auto part = whole.begin(); part != whole.end(); ++part) {
        at /= *part;
        const bool end = std::next(part) == whole.end();
        const bool folder = fs::is_directory(at, fault);
        const int wanted = !end ? X_OK : folder ? last | X_OK : last;
        if (links < most_links && fs::is_symlink(at, fault)) {
            const auto target = fs::read_symlink(at, fault);
            auto text = denied_on_the_way(at.parent_path() / target, wanted, links + 1);
            if (!text.empty()) return text;
        } else if (denied(at, wanted)) {
            const bool enter = !end || (folder && denied(at, X_OK));
            if (enter) return refusal(at, "enter the folder", at.string());
            return refusal(at, last == W_OK ? "write to" : "read", links == 0 ? "it" : at.string());
        }
    }
    return {};
}

}  // namespace

std::string denied_reading(const std::string& path) {
    return denied_on_the_way(path, R_OK, 0);
}

std::string denied_writing(const std::string& folder) {
    return denied_on_the_way(folder, W_OK, 0);
}

std::string owner_of(const std::string& path) {
    std::error_code fault;
    for (auto at = fs::absolute(path, fault); at.has_relative_path(); at = at.parent_path()) {
        struct stat found {};
        if (::stat(at.c_str(), &found) != 0) continue;
        const auto name = user_name(found.st_uid);
        return name.empty() ? fmt::format("user {}", found.st_uid) : name;
    }
    return {};
}

void explain_denials(geo::Problems& problems) {
    for (auto& problem : problems) {
        const bool read = problem.line == 0 && problem.path.empty();
        const auto denied = read ? denied_reading(problem.file) : std::string{};
        if (!denied.empty()) problem.text += ": " + denied;
    }
}

}  // namespace control
