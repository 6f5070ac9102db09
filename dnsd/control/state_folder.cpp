// SPDX-License-Identifier: Apache-2.0
#include "dnsd/control/state_folder.hpp"

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace control {
namespace {

geo::Error fault(const std::string& path, int number) {
    return {path + ": " + std::system_category().message(number)};
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

std::string socket_in(const std::string& folder) {
    return folder + "/control";
}

geo::Result<StateFolder> StateFolder::open(const std::string& path) {
    std::error_code made;
    std::filesystem::create_directory(path, made);
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    // Why it could not be made tells more, but only where there is nothing.
    if (descriptor < 0) return fault(path, errno == ENOENT && made ? made.value() : errno);
    StateFolder folder{descriptor};
    if (::faccessat(descriptor, ".", W_OK, AT_EACCESS) != 0) return fault(path, errno);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return folder;
    if (errno == EWOULDBLOCK) return geo::Error{path + ": another server has it"};
    return fault(path, errno);
}

StateFolder::StateFolder(StateFolder&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)} {}

StateFolder::~StateFolder() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace control
