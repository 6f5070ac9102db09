// SPDX-License-Identifier: Apache-2.0
#pragma once
// What stands at an edge: a listener on a loopback address that can die, come back on its port, and
// answer badly.

#include "tests/e2e/client.hpp"
#include "tests/probes/server.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

namespace e2e {

class Relay {
 public:
    using Script = probes_test::Server::Script;

    /// Listens on a free port of the address. The port stays its own while it is dead.
    explicit Relay(const std::string& address, Script script = {});
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    [[nodiscard]] const std::string& address() const noexcept { return at_.address; }
    [[nodiscard]] std::uint16_t port() const noexcept { return at_.port; }
    [[nodiscard]] unsigned accepted() const noexcept { return accepted_; }

    /// From now on connections are refused; those that are open come to their end.
    void die();
    void listen();
    /// What is done with the connections that come from now on; nothing: each is closed.
    void behave(Script script);

 private:
    void serve(int listener);

    Endpoint at_;
    Descriptor place_;  // bound, never listening: keeps the port
    Descriptor listener_;
    std::mutex mutex_;
    Script script_;
    std::atomic<unsigned> accepted_{0};
    std::thread thread_;
};

/// A whole answer of HTTP/1.1 with this status, as in "200 OK", and body.
[[nodiscard]] std::string http_answer(const std::string& status, const std::string& body);

/// Reads whatever comes, answers nothing.
[[nodiscard]] Relay::Script hang();

}  // namespace e2e
