// SPDX-License-Identifier: Apache-2.0
#include "dnsd/state/state_folder.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace control {
namespace {

constexpr std::array names{"health", "clients", "latency", "resolvers"};

geo::Error fault(const std::string& path, int number) {
    return {path + ": " + std::system_category().message(number)};
}

/// Restricts a file in the folder to this user. Follows no links.
void close_file(int folder, const std::string& name) {
    const int file = ::openat(folder, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) return;
    struct stat found {};
    if (::fstat(file, &found) == 0 && S_ISREG(found.st_mode) && (found.st_mode & 0077) != 0)
        static_cast<void>(::fchmod(file, 0600));
    ::close(file);
}

}  // namespace

std::string state_file_in(const std::string& folder) {
    return folder + "/health";
}

std::string clients_file_in(const std::string& folder) {
    return folder + "/clients";
}

std::string latency_file_in(const std::string& folder) {
    return folder + "/latency";
}

std::string resolvers_file_in(const std::string& folder) {
    return folder + "/resolvers";
}

std::string zones_in(const std::string& folder) {
    return folder + "/zones";
}

std::string socket_in(const std::string& folder) {
    return folder + "/control";
}

geo::Result<StateFolder> StateFolder::open(const std::string& path) {
    const int made = ::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST ? 0 : errno;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    // If there is no folder, the reason why mkdir() failed tells more than that open() did.
    if (descriptor < 0) return fault(path, errno == ENOENT && made != 0 ? made : errno);
    StateFolder folder{descriptor};
    if (::faccessat(descriptor, ".", W_OK, AT_EACCESS) != 0) return fault(path, errno);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) {
        folder.close_to_others(path);
        return folder;
    }
    if (errno == EWOULDBLOCK) return geo::Error{path + ": another server has it"};
    return fault(path, errno);
}

void StateFolder::close_to_others(const std::string& path) {
    struct stat found {};
    if (::fstat(descriptor_, &found) != 0) return;
    const bool shared = (found.st_mode & S_ISVTX) != 0;
    if (found.st_uid == ::geteuid() && !shared) {
        if ((found.st_mode & 07777) != 0700 && ::fchmod(descriptor_, 0700) != 0)
            exposure_ = path + ": " + std::system_category().message(errno);
    } else if ((found.st_mode & 0077) != 0) {
        exposure_ = path + ": others have access to this folder; give the server one of its own";
    }
    for (const std::string name : names) {
        close_file(descriptor_, name);
        close_file(descriptor_, name + ".new");
    }
}

StateFolder::StateFolder(StateFolder&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)}, exposure_{std::move(other.exposure_)} {}

StateFolder::~StateFolder() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace control
