// SPDX-License-Identifier: Apache-2.0
#include "dnsd/rights/privileges.hpp"

#include "geo/base/descriptor.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace control {
namespace {

using geo::Descriptor;

std::string fault(const char* what) {
    return std::string{what} + ": " + std::system_category().message(errno);
}

bool is_empty(int folder) {
    DIR* entries = ::fdopendir(::dup(folder));
    if (entries == nullptr) return false;
    std::size_t count = 0;
    while (::readdir(entries) != nullptr) ++count;
    ::closedir(entries);
    return count <= 2;  // "." and ".."
}

}  // namespace

void give_up_gains() noexcept {
    static_cast<void>(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));  // older kernels do not know it
}

geo::Result<User> find_user(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> text{};
    const int failed = ::getpwnam_r(name.c_str(), &entry, text.data(), text.size(), &found);
    if (failed != 0) return geo::Error{name + ": " + std::system_category().message(failed)};
    if (found == nullptr) return geo::Error{"this system has no user \"" + name + "\""};
    return User{name, entry.pw_uid, entry.pw_gid};
}

/// Whoever may write to the parent folder can put something else there between any two of these
/// steps. So this gives away only what it has opened, through no link, and only if it is as it was
/// made.
void make_folder_for(const User& user, const std::string& path) {
    auto whole = std::filesystem::path{path}.lexically_normal();
    if (!whole.has_filename()) whole = whole.parent_path();
    const auto above = whole.has_parent_path() ? whole.parent_path().string() : std::string{"."};
    const auto name = whole.filename().string();
    const Descriptor parent{::open(above.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
    // If it cannot be made, whoever opens it tells why.
    if (*parent < 0 || ::mkdirat(*parent, name.c_str(), 0700) != 0) return;
    const Descriptor made{
        ::openat(*parent, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
    struct stat found {};
    const bool own = *made >= 0 && ::fstat(*made, &found) == 0 && found.st_uid == ::geteuid() &&
                     (found.st_mode & 0077) == 0 && is_empty(*made);
    if (!own || ::fchown(*made, user.id, user.group) != 0)
        ::unlinkat(*parent, name.c_str(), AT_REMOVEDIR);
}

std::optional<std::string> root_without_need(const std::string& user) {
    if (::geteuid() != 0 || !user.empty()) return std::nullopt;
    return "runs as root, and so do the programs of checks with \"command\": \"user\" in "
           "isochrone.json, --user NAME, or User= in the unit makes it somebody else";
}

std::string become(const User& user) {
    if (::geteuid() == user.id && ::getuid() == user.id) return {};
    if (::initgroups(user.name.c_str(), user.group) != 0) return fault("initgroups");
    if (::setresgid(user.group, user.group, user.group) != 0) return fault("setresgid");
    if (::setresuid(user.id, user.id, user.id) != 0) return fault("setresuid");
    if (user.id != 0 && ::setuid(0) == 0) return "the way back to root is open";
    return {};
}

bool leave_root(const std::string& user, const std::string& folder) {
    if (const auto warning = root_without_need(user)) spdlog::warn("{}", *warning);
    if (user.empty()) return true;
    const auto found = find_user(user);
    if (found) make_folder_for(*found, folder);
    const auto refused = found ? become(*found) : found.error().text;
    if (refused.empty()) return true;
    spdlog::error("not started as user \"{}\": {}", user, refused);
    return false;
}

}  // namespace control
