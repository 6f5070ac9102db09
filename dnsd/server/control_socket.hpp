// SPDX-License-Identifier: Apache-2.0
#pragma once
// The unix socket by which an operator's commands reach a server. A line of JSON goes each way,
// then the connection ends. The mode of the socket's file decides who may open it: root, and the
// user that the server runs as.

#include "geo/base/lasting.hpp"
#include "geo/base/result.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

namespace control {

/// The server's end. Control thread only.
class ControlSocket {
 public:
    using Handler = std::function<boost::asio::awaitable<std::string>(std::string request)>;

    /// No running server may use `path`: open() replaces a file that is left there.
    ControlSocket(boost::asio::io_context& context, std::string path, Handler handler);
    /// Removes the file.
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;

    /// Makes the socket, and takes connections from now on. Returns what went wrong, if anything
    /// did.
    [[nodiscard]] geo::Result<void> open();
    /// Takes connections again if an exception has ended that. The caller does this regularly.
    void revive();

 private:
    using Stream = boost::asio::local::stream_protocol;
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(Stream::socket socket);

    boost::asio::io_context& context_;
    std::string path_;
    Handler handler_;
    Stream::acceptor acceptor_;
    geo::Lasting accepting_;
    // Connections end with the io_context, which may outlive this.
    std::shared_ptr<unsigned> connections_ = std::make_shared<unsigned>(0);
};

/// Says why no socket can have this path; empty if one can.
[[nodiscard]] std::string path_fault(const std::string& path);

/// The reason why a server was not asked, or has not answered.
struct Unanswered {
    enum class Kind : std::uint8_t {
        NoServer,  // nobody listens there
        Denied,    // this user may not ask
        Silent,    // a server is there, but does not answer in time
    };
    Kind kind = Kind::NoServer;
    std::string text;  // a sentence for the operator
};

[[noreturn]] inline void throw_exception_from_error(const Unanswered& unanswered,
                                                    const boost::source_location&) {
    throw std::runtime_error{unanswered.text};
}

/// A command's end: sends a request, and waits for the reply for `longest` at most.
[[nodiscard]] boost::system::result<std::string, Unanswered> ask_server(
    const std::string& path, const std::string& request,
    std::chrono::seconds longest = std::chrono::seconds{10});

}  // namespace control
