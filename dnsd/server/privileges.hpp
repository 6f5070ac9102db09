// SPDX-License-Identifier: Apache-2.0
#pragma once
// A server needs root to bind port 53, and for nothing afterwards.

#include "geo/base/result.hpp"

#include <optional>
#include <string>

#include <sys/types.h>

namespace control {

struct User {
    std::string name;
    uid_t id = 0;
    gid_t group = 0;
};

/// From now on no program that this thread starts, nor those that it makes, gains privileges by its
/// file: no setuid, no capabilities of a file.
void give_up_gains() noexcept;

/// By the name that the system knows.
[[nodiscard]] geo::Result<User> find_user(const std::string& name);

/// Makes a folder that is not there yet, for this user alone. Follows no link, and gives away nothing
/// else that somebody may put in its place meanwhile.
void make_folder_for(const User& user, const std::string& path);

/// A warning where this process is root's and becomes nobody else, as then its checks' programs are
/// root's too.
[[nodiscard]] std::optional<std::string> root_without_need(const std::string& user);

/// From now on all threads of this process are the user's, without any capability. An empty text, or
/// what was refused.
[[nodiscard]] std::string become(const User& user);

}  // namespace control
