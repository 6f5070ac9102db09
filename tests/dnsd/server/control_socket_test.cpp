// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/control_socket.hpp"

#include "tests/support/temporary_folder.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace server_control_socket_test {

using control::ControlSocket;
using support::TemporaryFolder;

namespace {

constexpr unsigned most_connections = 16;
constexpr timeval longest_wait{30, 0};  // for what must come at once, on a busy machine

boost::asio::awaitable<std::string> in_brackets(std::string request) {
    co_return "[" + request + "]";
}

/// A server's end with a thread that runs it. What it answers is what it was asked, in brackets.
class Host {
 public:
    explicit Host(std::string path)
        : socket_{std::in_place, context_, std::move(path), [this](std::string request) {
                      ++asked_;
                      return in_brackets(std::move(request));
                  }} {}
    ~Host() {
        context_.stop();
        if (thread_.joinable()) thread_.join();
    }
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    geo::Result<void> open() {
        auto opened = socket_->open();
        if (opened) thread_ = std::thread{[this] { context_.run(); }};
        return opened;
    }
    /// How often it was asked, as the thread that runs it sees it.
    unsigned asked() {
        std::promise<unsigned> count;
        boost::asio::post(context_, [&] { count.set_value(asked_); });
        return count.get_future().get();
    }

 private:
    boost::asio::io_context context_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        context_.get_executor()};
    unsigned asked_ = 0;
    std::optional<ControlSocket> socket_;
    std::thread thread_;
};

/// A client that can do what `ask_server` never does.
class Client {
 public:
    explicit Client(const std::string& path)
        : socket_{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        connected_ =
            ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest_wait, sizeof longest_wait);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &longest_wait, sizeof longest_wait);
    }
    Client(Client&& other) noexcept
        : socket_{std::exchange(other.socket_, -1)}, connected_{other.connected_} {}
    Client& operator=(Client&&) = delete;
    ~Client() {
        if (socket_ >= 0) ::close(socket_);
    }

    [[nodiscard]] bool connected() const noexcept { return connected_; }
    /// False when the other end does not want it.
    bool send(std::string_view text) const {
        while (!text.empty()) {
            const auto size = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (size < 0) return false;
            text.remove_prefix(static_cast<std::size_t>(size));
        }
        return true;
    }
    /// Until the other end closes. Nothing when it does not.
    [[nodiscard]] std::optional<std::string> read_all() const {
        std::string all;
        char octets[4096];
        for (;;) {
            const auto size = ::recv(socket_, octets, sizeof octets, 0);
            if (size == 0 || (size < 0 && errno == ECONNRESET)) return all;
            if (size < 0) return std::nullopt;
            all.append(octets, static_cast<std::size_t>(size));
        }
    }

 private:
    int socket_;
    bool connected_ = false;
};

}  // namespace

TEST_CASE("a request is a line, its answer is one, and then the connection ends") {
    const TemporaryFolder folder;
    Host host{folder.path("control")};
    REQUIRE(host.open().has_value());
    const auto reply = control::ask_server(folder.path("control"), "how are you?");
    REQUIRE(reply.has_value());
    CHECK(*reply == "[how are you?]");
    const Client client{folder.path("control")};
    REQUIRE(client.send("one\ntwo\n"));
    CHECK(client.read_all() == "[one]\n");
}

TEST_CASE("a request may come in pieces, and be empty") {
    const TemporaryFolder folder;
    Host host{folder.path("control")};
    REQUIRE(host.open().has_value());
    const Client client{folder.path("control")};
    for (const char piece : {'a', 'b', 'c'}) REQUIRE(client.send({&piece, 1}));
    CHECK(host.asked() == 0);
    REQUIRE(client.send("\n"));
    CHECK(client.read_all() == "[abc]\n");
    const Client silent{folder.path("control")};
    REQUIRE(silent.send("\n"));
    CHECK(silent.read_all() == "[]\n");
}

TEST_CASE("a large answer reaches a client that reads it") {
    const TemporaryFolder folder;
    Host host{folder.path("control")};
    REQUIRE(host.open().has_value());
    const std::string request(60'000, 'x');
    const auto reply = control::ask_server(folder.path("control"), request);
    REQUIRE(reply.has_value());
    CHECK(*reply == "[" + request + "]");
}

TEST_CASE("a client that stops in the middle of a line is closed without an answer") {
    const TemporaryFolder folder;
    Host host{folder.path("control")};
    REQUIRE(host.open().has_value());
    const Client client{folder.path("control")};
    REQUIRE(client.send("half a requ"));
    CHECK(client.read_all() == "");
    CHECK(host.asked() == 0);
}

TEST_CASE("a request without an end is not kept reading") {
    const TemporaryFolder folder;
    Host host{folder.path("control")};
    REQUIRE(host.open().has_value());
    const Client client{folder.path("control")};
    const std::string much(1 << 20, 'x');  // more than socket buffers and the limit hold together
    client.send(much);
    CHECK(client.read_all() == "");
    CHECK(host.asked() == 0);
}

TEST_CASE("clients past the most are closed, those before are served, and others later") {
    const TemporaryFolder folder;
    Host host{folder.path("control")};
    REQUIRE(host.open().has_value());
    std::vector<Client> clients;
    for (unsigned i = 0; i < most_connections; ++i) {
        clients.emplace_back(folder.path("control"));
        REQUIRE(clients.back().connected());
    }
    const Client refused{folder.path("control")};
    CHECK(refused.read_all() == "");
    for (const auto& client : clients) {
        REQUIRE(client.send("x\n"));
        CHECK(client.read_all() == "[x]\n");
    }
    CHECK(host.asked() == most_connections);
    CHECK(control::ask_server(folder.path("control"), "y").has_value());
}

TEST_CASE("a client that goes away before its answer disturbs nobody") {
    const TemporaryFolder folder;
    Host host{folder.path("control")};
    REQUIRE(host.open().has_value());
    for (int i = 0; i < 50; ++i) {
        const Client client{folder.path("control")};
        client.send("x\n");
    }
    const auto reply = control::ask_server(folder.path("control"), "y");
    REQUIRE(reply.has_value());
    CHECK(*reply == "[y]");
}

TEST_CASE("nobody but the server's user may open the socket, which goes with the server") {
    const TemporaryFolder folder;
    const auto path = folder.path("control");
    {
        const auto mask = ::umask(0);
        Host host{path};
        const auto opened = host.open();
        CHECK(::umask(mask) == 0);  // as it was
        REQUIRE(opened.has_value());
        struct stat status {};
        REQUIRE(::stat(path.c_str(), &status) == 0);
        CHECK(S_ISSOCK(status.st_mode));
        CHECK((status.st_mode & 07777) == 0600);
    }
    CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a socket that a crash has left is replaced") {
    const TemporaryFolder folder;
    const auto path = folder.path("control");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    const int stale = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    REQUIRE(::bind(stale, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::close(stale);
    REQUIRE(std::filesystem::exists(path));
    Host host{path};
    REQUIRE(host.open().has_value());
    CHECK(control::ask_server(path, "x").has_value());
}

TEST_CASE("a socket that cannot be opened leaves what is there, and says why") {
    const TemporaryFolder folder;
    const auto path = folder.path("control");
    std::filesystem::create_directory(path);
    {
        Host host{path};
        const auto opened = host.open();
        REQUIRE_FALSE(opened.has_value());
        CHECK(opened.error().text == path + ": Address already in use");
    }
    CHECK(std::filesystem::is_directory(path));
    Host orphan{folder.path("nowhere/control")};
    const auto opened = orphan.open();
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().text == folder.path("nowhere/control") + ": No such file or directory");
}

TEST_CASE("a path that no socket can have is a fault at both ends") {
    const TemporaryFolder folder;
    const auto path = folder.path(std::string(120, 'x'));
    Host host{path};
    const auto opened = host.open();
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().text.find("longer than the 107 octets") != std::string::npos);
    const auto reply = control::ask_server(path, "x");
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().text.find("longer than the 107 octets") != std::string::npos);
}

TEST_CASE("whoever asks where no server is learns where, and how to name another folder") {
    const TemporaryFolder folder;
    const auto path = folder.path("control");
    const auto reply = control::ask_server(path, "x");
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().text == "no server can be asked at " + path +
                                    " (No such file or directory); --state names the folder of "
                                    "the one that is meant");
}

TEST_CASE("whoever may not ask learns who may") {
    if (::geteuid() != 0) {
        MESSAGE("skipped: this test is for root");
        return;
    }
    const TemporaryFolder folder;
    const auto path = folder.path("state/control");
    std::filesystem::permissions(folder.path(""), std::filesystem::perms{0755});
    std::filesystem::create_directory(folder.path("state"));
    Host host{path};
    REQUIRE(host.open().has_value());
    const auto denied_to_nobody = [&] {
        REQUIRE(::seteuid(65534) == 0);
        const auto reply = control::ask_server(path, "x");
        REQUIRE(::seteuid(0) == 0);
        REQUIRE_FALSE(reply.has_value());
        CHECK(reply.error().kind == control::Unanswered::Kind::Denied);
        return reply.error().text;
    };
    CHECK(denied_to_nobody() == path + ": Permission denied; ask the server as root, with sudo");
    REQUIRE(::chown(path.c_str(), 1, 1) == 0);  // daemon, on every Debian
    CHECK(denied_to_nobody() ==
          path + ": Permission denied; ask the server as root, with sudo, or as daemon");
    // A folder that may not be entered hides whose the socket is, but not whose the folder is.
    REQUIRE(::chown(path.c_str(), 0, 0) == 0);
    REQUIRE(::chown(folder.path("state").c_str(), 1, 1) == 0);
    std::filesystem::permissions(folder.path("state"), std::filesystem::perms{0700});
    CHECK(denied_to_nobody() ==
          path + ": Permission denied; ask the server as root, with sudo, or as daemon");
}

TEST_CASE("a server that hangs is waited for no longer than was asked") {
    const TemporaryFolder folder;
    const auto path = folder.path("control");
    boost::asio::io_context context;  // which nobody runs
    ControlSocket socket{context, path, in_brackets};
    REQUIRE(socket.open().has_value());
    const auto reply = control::ask_server(path, "x", std::chrono::seconds{1});
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().kind == control::Unanswered::Kind::Silent);
    CHECK(reply.error().text ==
          path + ": the server does not answer within 1 s: it hangs, or is stopped");
}

TEST_CASE("connections may outlive the socket that they came by") {
    const TemporaryFolder folder;
    auto context = std::make_unique<boost::asio::io_context>(1);
    auto socket = std::make_unique<ControlSocket>(*context, folder.path("control"), in_brackets);
    REQUIRE(socket->open().has_value());
    const Client client{folder.path("control")};
    REQUIRE(client.connected());
    while (context->poll_one() > 0) {
    }
    socket.reset();
    context.reset();  // ends the connection; under a sanitizer this shows what it still touches
    CHECK(client.read_all() == "");
}

}  // namespace server_control_socket_test
