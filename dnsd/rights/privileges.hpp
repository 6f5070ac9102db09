// SPDX-License-Identifier: Apache-2.0
#pragma once
// Gives up root's rights: a server needs them to bind port 53, and for nothing afterwards.

#include "geo/base/result.hpp"

#include <string>
#include <string_view>

#include <sys/types.h>

namespace control {

struct User {
    std::string name;
    uid_t id = 0;
    gid_t group = 0;
};

/// Keeps programs that this thread starts from gaining privileges by their files (setuid, file
/// capabilities). Threads and processes that it makes from now on inherit this.
void give_up_gains() noexcept;

/// Finds a user of this system by name.
[[nodiscard]] geo::Result<User> find_user(const std::string& name);

/// Makes a folder for this user alone, if it does not exist yet. Follows no link. If somebody puts
/// something else in the folder's place meanwhile, does not give that to the user.
void make_folder_for(const User& user, const std::string& path);

/// True if this process is root and `user` is empty: then the programs of checks run as root too.
[[nodiscard]] bool root_without_need(const std::string& user) noexcept;
constexpr std::string_view root_warning =
    "runs as root, and so do the programs of checks with \"command\": \"user\" in "
    "isochrone.json, --user NAME, or User= in the unit makes it somebody else";

/// Makes all threads of this process the user's, without any capability. An error says what the
/// system refused.
[[nodiscard]] geo::Result<void> become(const User& user);

/// Becomes the user, if one is named, whose `folder` is made before: nothing that comes after the sockets
/// needs root. False, and logged, when that fails. Warns where this process stays root's.
[[nodiscard]] bool leave_root(const std::string& user, const std::string& folder);

}  // namespace control
