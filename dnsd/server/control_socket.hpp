// SPDX-License-Identifier: Apache-2.0
#pragma once
// The unix socket between a server and the commands of whoever runs it: a line of JSON each way,
// then the connection ends. Who may open the socket is the business of its file's mode: the user
// that the server runs as, and root.

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

    /// `path` must not be in use by a server that runs: a file that is left there is replaced.
    ControlSocket(boost::asio::io_context& context, std::string path, Handler handler);
    /// Takes the file away.
    ~ControlSocket();
    ControlSocket(const ControlSocket&) = delete;
    ControlSocket& operator=(const ControlSocket&) = delete;

    /// What went wrong, if anything did.
    [[nodiscard]] geo::Result<void> open();
    /// Takes connections again after an exception has ended that. To be called now and then.
    void revive();

 private:
    using Protocol = boost::asio::local::stream_protocol;
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(Protocol::socket socket);

    boost::asio::io_context& context_;
    std::string path_;
    Handler handler_;
    Protocol::acceptor acceptor_;
    std::shared_ptr<bool> accepting_ = std::make_shared<bool>(false);  // as connections_
    // Connections end with the io_context, which may be after this is gone.
    std::shared_ptr<unsigned> connections_ = std::make_shared<unsigned>(0);
};

/// Why no socket can have this path; empty when one can.
[[nodiscard]] std::string path_fault(const std::string& path);

/// Why a server was not asked, or has not answered.
struct Unanswered {
    enum class Kind : std::uint8_t {
        NoServer,  // nobody listens there
        Denied,    // this user may not ask
        Silent,    // a server is there, and says nothing in time
    };
    Kind kind = Kind::NoServer;
    std::string text;  // a sentence for the operator
};

[[noreturn]] inline void throw_exception_from_error(const Unanswered& unanswered,
                                                    const boost::source_location&) {
    throw std::runtime_error{unanswered.text};
}

/// A command's end: sends a request and waits for what comes back, so long at most.
[[nodiscard]] boost::system::result<std::string, Unanswered> ask_server(
    const std::string& path, const std::string& request,
    std::chrono::seconds longest = std::chrono::seconds{10});

}  // namespace control
