// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs a check once. Control thread.

#include "probes/check/check.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>

namespace probes {

struct Result {
    Verdict verdict = Verdict::NoWord;
    /// Tcp: to the SYN-ACK. Http, Https: to the head of the response. Tls: to the end of the
    /// handshake. Command: the program's run time. Zero when it means nothing.
    std::chrono::microseconds round_trip{0};
    std::string text;  // a few words: "connected", "HTTP 503", "connection refused"
    /// False when nothing could be connected to, so that nothing was asked.
    bool connected = true;
};

/// Ends within the check's timeout, and a little. Does not throw: whatever goes wrong is a result.
/// Faults of this machine (no route, no descriptors, no memory) are NoWord, and so is an attempt
/// that is cancelled. The destruction of the io_context ends attempts as well; a program under way
/// is then killed.
///
/// Http and Https judge by the head of the response; the body is read only when a text is looked
/// for, and no further than to its end. Redirects are not followed. The authorities that Https and
/// Tls trust are OpenSSL's (SSL_CERT_FILE, SSL_CERT_DIR), read once in the life of the process.
[[nodiscard]] boost::asio::awaitable<Result> run_check(CheckPtr check);

}  // namespace probes
