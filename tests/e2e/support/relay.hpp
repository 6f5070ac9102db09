// SPDX-License-Identifier: Apache-2.0
#pragma once
// A relay at an edge: a listener on a loopback address that can die, come back on its port, and
// answer badly.

#include "tests/e2e/support/client.hpp"
#include "tests/probes/server.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

namespace e2e {

class Relay {
 public:
    using Script = probes_test::Server::Script;

    /// Listens on a free port of the address. Keeps the port while it is dead.
    explicit Relay(const std::string& address, Script script = {});
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    [[nodiscard]] const std::string& address() const noexcept { return at_.address; }
    [[nodiscard]] std::uint16_t port() const noexcept { return at_.port; }
    [[nodiscard]] unsigned accepted() const noexcept { return accepted_; }

    /// Refuses connections from now on. Open ones go on to their end.
    void die();
    void listen();
    /// Sets what to do with connections from now on. Without a script, closes each.
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

/// Returns a whole answer of HTTP/1.1 with this status, as in "200 OK", and body.
[[nodiscard]] std::string http_answer(const std::string& status, const std::string& body);

/// Returns a script that reads whatever comes, and answers nothing.
[[nodiscard]] Relay::Script hang();

}  // namespace e2e
