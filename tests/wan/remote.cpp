// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/remote.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace wan {
namespace {

int connected(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::invalid_argument{path + ": too long"};
    path.copy(static_cast<char*>(address.sun_path), path.size());
    const int number = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(number, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw std::system_error{errno, std::generic_category(), path};
    return number;
}

}  // namespace

RemoteNetwork::RemoteNetwork(const std::string& socket, const std::string& plan)
    : process_{{WAN_EMULATOR, socket, plan}} {
    process_.wait_for("ready");
    socket_ = connected(socket);
}

RemoteNetwork::~RemoteNetwork() {
    close(socket_);
}

std::string RemoteNetwork::tell(const std::string& line) {
    const auto command = line + "\n";
    if (write(socket_, command.data(), command.size()) != ssize_t(command.size()))
        throw std::runtime_error{"the emulator does not listen: " + process_.errors()};
    std::string reply;
    std::array<char, 512> piece{};
    while (!reply.ends_with('\n')) {
        const auto size = read(socket_, piece.data(), piece.size());
        if (size <= 0) throw std::runtime_error{"the emulator is gone: " + process_.errors()};
        reply.append(piece.data(), std::size_t(size));
    }
    reply.pop_back();
    if (reply.starts_with("fault")) throw std::runtime_error{line + ": " + reply};
    return reply;
}

}  // namespace wan
