// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/privileges.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

namespace control {
namespace {

std::string fault(const char* what) {
    return std::string{what} + ": " + std::system_category().message(errno);
}

}  // namespace

geo::Result<User> find_user(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> text{};
    const int failed = ::getpwnam_r(name.c_str(), &entry, text.data(), text.size(), &found);
    if (failed != 0) return geo::Error{name + ": " + std::system_category().message(failed)};
    if (found == nullptr) return geo::Error{"this system has no user \"" + name + "\""};
    return User{name, entry.pw_uid, entry.pw_gid};
}

void make_folder_for(const User& user, const std::string& path) {
    std::error_code failed;
    // What cannot be made is told by who opens it.
    if (!std::filesystem::create_directory(path, failed)) return;
    if (::chown(path.c_str(), user.id, user.group) != 0) std::filesystem::remove(path, failed);
}

std::string become(const User& user) {
    if (::geteuid() == user.id && ::getuid() == user.id) return {};
    if (::initgroups(user.name.c_str(), user.group) != 0) return fault("initgroups");
    if (::setresgid(user.group, user.group, user.group) != 0) return fault("setresgid");
    if (::setresuid(user.id, user.id, user.id) != 0) return fault("setresuid");
    if (user.id != 0 && ::setuid(0) == 0) return "the way back to root is open";
    return {};
}

}  // namespace control
