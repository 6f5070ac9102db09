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

geo::Error refusal_of(const char* what) {
    return {std::string{what} + ": " + std::system_category().message(errno)};
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

bool root_without_need(const std::string& user) noexcept {
    return ::geteuid() == 0 && user.empty();
}

geo::Result<void> become(const User& user) {
    if (::geteuid() == user.id && ::getuid() == user.id) return {};
    if (::initgroups(user.name.c_str(), user.group) != 0) return refusal_of("initgroups");
    if (::setresgid(user.group, user.group, user.group) != 0) return refusal_of("setresgid");
    if (::setresuid(user.id, user.id, user.id) != 0) return refusal_of("setresuid");
    if (user.id != 0 && ::setuid(0) == 0) return geo::Error{"the way back to root is open"};
    return {};
}

bool leave_root(const std::string& user, const std::string& folder) {
    if (root_without_need(user)) spdlog::warn("{}", root_warning);
    if (user.empty()) return true;
    const auto found = find_user(user);
    if (found) make_folder_for(*found, folder);
    const auto became = found ? become(*found) : geo::Result<void>{found.error()};
    if (!became) spdlog::error("not started as user \"{}\": {}", user, became.error().text);
    return became.has_value();
}

}  // namespace control
