// SPDX-License-Identifier: Apache-2.0
#pragma once
// Runs a check once. Control thread.

#include "probes/check/check.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>

namespace probes {

struct ProbeResult {
    Verdict verdict = Verdict::NoWord;
    /// Tcp: to the SYN-ACK. Http, Https: to the head of the response. Tls: to the end of the
    /// handshake. Command: the program's run time. Zero when it means nothing.
    std::chrono::microseconds round_trip{0};
    std::string text;  // a few words: "connected", "HTTP 503", "connection refused"
    /// False when no connection could be made, so nothing was asked.
    bool connected = true;
};

/// Runs a check once. Ends shortly after the check's timeout at the latest. Does not throw:
/// whatever goes wrong is a result. Faults of this machine (no route, no descriptors, no memory)
/// are NoWord, and so is a cancelled attempt. Destroying the io_context ends attempts as well, and
/// kills a program under way.
///
/// Http and Https judge by the head of the response. They read the body only when a text is looked
/// for, and no further than to its end. They do not follow redirects. Https and Tls trust OpenSSL's
/// authorities (SSL_CERT_FILE, SSL_CERT_DIR), read once in the life of the process.
[[nodiscard]] boost::asio::awaitable<ProbeResult> run_check(CheckPtr check);

}  // namespace probes
