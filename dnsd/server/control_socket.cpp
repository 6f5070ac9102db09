// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/control_socket.hpp"

#include "dnsd/rights/access.hpp"
#include "geo/base/nothrow.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <utility>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

namespace control {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using geo::nothrow;

constexpr unsigned most_connections = 16;  // at once; more are closed
constexpr std::size_t longest_request = 64 << 10;
constexpr std::chrono::seconds patience{5};
constexpr std::chrono::milliseconds retry_accept{100};

void log_escaped(const std::exception_ptr& escaped) {
    if (escaped) spdlog::error("a control connection ended by an exception");
}

}  // namespace

ControlSocket::ControlSocket(asio::io_context& context, std::string path, Handler handler)
    : context_{context}, path_{std::move(path)}, handler_{std::move(handler)}, acceptor_{context} {}

ControlSocket::~ControlSocket() {
    if (acceptor_.is_open()) ::unlink(path_.c_str());
}

geo::Result<void> ControlSocket::open() {
    if (const auto text = path_fault(path_); !text.empty()) return geo::Error{path_ + ": " + text};
    ::unlink(path_.c_str());
    boost::system::error_code fault;
    acceptor_.open(Stream{}, fault);
    // Nobody else shall be able to connect, not even before the mode is set.
    const auto mask = ::umask(0177);
    if (!fault) acceptor_.bind(Stream::endpoint{path_}, fault);
    ::umask(mask);
    if (!fault) acceptor_.listen(asio::socket_base::max_listen_connections, fault);
    if (fault) {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        return geo::Error{path_ + ": " + fault.message()};
    }
    revive();
    return {};
}

void ControlSocket::revive() {
    if (acceptor_.is_open())
        accepting_.begin(
            context_, [this] { return accept(); }, log_escaped);
}

asio::awaitable<void> ControlSocket::accept() {
    while (acceptor_.is_open()) {
        auto [fault, socket] = co_await acceptor_.async_accept(nothrow);
        if (!fault && *connections_ < most_connections) {
            asio::co_spawn(context_, serve(std::move(socket)), log_escaped);
        } else if (fault) {  // no descriptors left, say: do not spin
            asio::steady_timer pause{context_, retry_accept};
            co_await pause.async_wait(nothrow);
        }
    }
}

asio::awaitable<void> ControlSocket::serve(Stream::socket socket) {
    struct Counted {
        std::shared_ptr<unsigned> count;
        explicit Counted(std::shared_ptr<unsigned> connections) : count{std::move(connections)} {
            ++*count;
        }
        ~Counted() { --*count; }
    };
    const Counted counted{connections_};
    asio::steady_timer deadline{context_, patience};
    std::string request;
    const auto read =
        co_await (asio::async_read_until(socket, asio::dynamic_buffer(request, longest_request),
                                         '\n', nothrow) ||
                  deadline.async_wait(nothrow));
    const auto* done = std::get_if<0>(&read);
    if (done == nullptr || std::get<0>(*done)) co_return;
    request.resize(std::get<1>(*done) - 1);
    const auto reply = co_await handler_(std::move(request)) + "\n";
    deadline.expires_after(patience);
    co_await (asio::async_write(socket, asio::buffer(reply), nothrow) ||
              deadline.async_wait(nothrow));
}

std::string path_fault(const std::string& path) {
    constexpr std::size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;
    if (path.size() <= longest_path) return {};
    return "longer than the " + std::to_string(longest_path) +
           " octets that the path of a socket may have";
}

namespace {

Unanswered unconnected(const std::string& path, const boost::system::error_code& fault) {
    if (fault != asio::error::access_denied && fault != asio::error::no_permission) {
        return {Unanswered::Kind::NoServer,
                "no server can be asked at " + path + " (" + fault.message() +
                    "); --state names the folder of the one that is meant"};
    }
    const auto owner = owner_of(path);
    std::string who = owner.empty() || owner == "root" ? "" : ", or as " + owner;
    return {Unanswered::Kind::Denied,
            path + ": " + fault.message() + "; ask the server as root, with sudo" + who};
}

}  // namespace

boost::system::result<std::string, Unanswered> ask_server(const std::string& path,
                                                          const std::string& request,
                                                          std::chrono::seconds longest) {
    using Stream = asio::local::stream_protocol;
    if (const auto text = path_fault(path); !text.empty())
        return Unanswered{Unanswered::Kind::NoServer, path + ": " + text};
    asio::io_context context;
    Stream::socket socket{context};
    boost::system::error_code fault;
    socket.open(Stream{}, fault);
    // If a server hangs and too many clients wait for it, not even connect() returns.
    const timeval patience_of_kernel{longest.count(), 0};
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &patience_of_kernel,
                 sizeof patience_of_kernel);
    if (!fault) socket.connect(Stream::endpoint{path}, fault);
    if (fault) return unconnected(path, fault);
    std::string reply;
    fault = asio::error::timed_out;
    const auto message = request + "\n";
    asio::async_write(socket, asio::buffer(message), [&](const auto& write_fault, std::size_t) {
        if (write_fault) return void(fault = write_fault);
        asio::async_read_until(socket, asio::dynamic_buffer(reply), '\n',
                               [&](const auto& read_fault, std::size_t) { fault = read_fault; });
    });
    context.run_for(longest);
    if (fault) {
        const auto why =
            fault == asio::error::timed_out
                ? " within " + std::to_string(longest.count()) + " s: it hangs, or is stopped"
                : " (" + fault.message() + ")";
        return Unanswered{Unanswered::Kind::Silent, path + ": the server does not answer" + why};
    }
    reply.pop_back();
    return {boost::system::in_place_value, std::move(reply)};
}

}  // namespace control
