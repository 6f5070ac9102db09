// SPDX-License-Identifier: Apache-2.0
#pragma once
// Real listeners on loopback, on a port that the system chooses.

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace probes_test {

class Descriptor {
 public:
    explicit Descriptor(int number = -1) noexcept : number_{number} {}
    Descriptor(Descriptor&& other) noexcept : number_{other.number_} { other.number_ = -1; }
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor();
    [[nodiscard]] int number() const noexcept { return number_; }

 private:
    int number_;
};

enum class Loopback : std::uint8_t { V4, V6 };

/// Bound, not yet listening: to connect is refused. Throws std::system_error.
[[nodiscard]] Descriptor bind_loopback(Loopback loopback = Loopback::V4);
[[nodiscard]] std::uint16_t port_of(const Descriptor& socket);

/// Serves one connection after the other in a thread of its own, until it goes.
class Server {
 public:
    /// What is done with a connection, which is closed afterwards.
    using Script = std::function<void(int socket)>;

    explicit Server(Script script, Loopback loopback = Loopback::V4);
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_of(listener_); }
    [[nodiscard]] unsigned accepted() const noexcept { return accepted_; }

 private:
    void serve();

    Script script_;
    Descriptor listener_;
    std::atomic<unsigned> accepted_{0};
    std::thread thread_;
};

/// A listener that takes no more connections: the next one is never answered.
class FullListener {
 public:
    FullListener();
    [[nodiscard]] std::uint16_t port() const { return port_of(listener_); }

 private:
    Descriptor listener_;
    std::vector<Descriptor> waiting_;
};

/// The head of a request, with its empty line; what there is of it when the client closes.
std::string read_head(int socket);
/// False when the client does not want it.
bool write_all(int socket, std::string_view text);
/// Returns when the client closes.
void wait_for_close(int socket);
/// The connection will be closed with a reset.
void reset_at_close(int socket);

/// Scripts: reads a request and answers, then closes; or keeps silent until the client closes.
[[nodiscard]] Server::Script answer(std::string text);
[[nodiscard]] Server::Script answer_and_wait(std::string text);

}  // namespace probes_test
