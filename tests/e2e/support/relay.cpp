// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/relay.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

namespace e2e {
namespace {

void require(bool done, const char* what) {
    if (!done) throw std::system_error{errno, std::generic_category(), what};
}

/// Two sockets may be bound to one port as long as both say so and only one listens.
Descriptor shared_socket(Endpoint& at) {
    Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    require(*socket >= 0, "socket");
    const int yes = 1;
    require(::setsockopt(*socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0, "setsockopt");
    sockaddr_in address{};
    socklen_t size = sizeof address;
    address.sin_family = AF_INET;
    address.sin_port = htons(at.port);
    require(::inet_pton(AF_INET, at.address.c_str(), &address.sin_addr) == 1, "inet_pton");
    auto* pointer = reinterpret_cast<sockaddr*>(&address);
    require(::bind(*socket, pointer, size) == 0, "bind");
    require(::getsockname(*socket, pointer, &size) == 0, "getsockname");
    at.port = ntohs(address.sin_port);
    return socket;
}

}  // namespace

Relay::Relay(const std::string& address, Script script)
    : at_{address, 0}, place_{shared_socket(at_)}, script_{std::move(script)} {
    listen();
}

Relay::~Relay() {
    die();
}

void Relay::listen() {
    listener_ = shared_socket(at_);
    require(::listen(*listener_, SOMAXCONN) == 0, "listen");
    thread_ = std::thread{[this, listener = *listener_] { serve(listener); }};
}

void Relay::die() {
    if (!thread_.joinable()) return;
    ::shutdown(*listener_, SHUT_RDWR);  // wakes the thread up
    thread_.join();
    listener_ = Descriptor{};
}

void Relay::behave(Script script) {
    const std::lock_guard lock{mutex_};
    script_ = std::move(script);
}

void Relay::serve(int listener) {
    // OpenSSL writes to a client that may have gone away. In this thread alone: a program that is
    // started by the test would inherit it.
    sigset_t broken_pipe{};
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, nullptr);
    for (;;) {
        const Descriptor socket{::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC)};
        if (*socket < 0) return;
        ++accepted_;
        Script script;
        {
            const std::lock_guard lock{mutex_};
            script = script_;
        }
        if (script) script(*socket);
    }
}

std::string http_answer(const std::string& status, const std::string& body) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

Relay::Script hang() {
    return probes_test::wait_for_close;
}

}  // namespace e2e
