// SPDX-License-Identifier: Apache-2.0
#pragma once
// Decides whether an error is the target's fault (Fail) or this machine's (NoWord), and puts it
// into words.

#include "probes/check/probe.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <string>

namespace probes {

[[nodiscard]] ProbeResult pass(std::string text, Clock::duration round_trip);
[[nodiscard]] ProbeResult fail(std::string text);
[[nodiscard]] ProbeResult no_word(std::string text);

/// Returns the result for an error of opening a socket, of connecting or of talking. An end of file
/// is "closed before an answer".
[[nodiscard]] ProbeResult result_of(const boost::system::error_code& fault, const Check& check);

/// Returns the same result, marked as ended before a connection was made.
[[nodiscard]] ProbeResult not_connected(ProbeResult result);

/// Returns the failure "no answer within 3 s", with the check's timeout.
[[nodiscard]] ProbeResult no_answer(const Check& check);

/// "3 s", "1500 ms"
[[nodiscard]] std::string to_text(std::chrono::milliseconds time);
/// Returns the system's text for an errno, as it is written in the middle of a sentence.
[[nodiscard]] std::string error_text(int error);

[[nodiscard]] boost::asio::ip::tcp::endpoint endpoint_of(const Check& check);

}  // namespace probes
