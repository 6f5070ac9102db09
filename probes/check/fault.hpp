// SPDX-License-Identifier: Apache-2.0
#pragma once
// Whose fault an error is: the target's (Fail) or this machine's (NoWord); and the words for it.

#include "probes/check/probe.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <string>

namespace probes {

[[nodiscard]] Result pass(std::string text, Clock::duration round_trip);
[[nodiscard]] Result fail(std::string text);
[[nodiscard]] Result no_word(std::string text);

/// For an error of opening a socket, of connecting or of talking. An end of file is "closed before
/// an answer".
[[nodiscard]] Result result_of(const boost::system::error_code& fault, const Check& check);

/// The same of an attempt that ended before a connection was there.
[[nodiscard]] Result not_connected(Result result);

/// "no answer within 3 s"
[[nodiscard]] Result no_answer(const Check& check);

/// "3 s", "1500 ms"
[[nodiscard]] std::string to_text(std::chrono::milliseconds time);
/// The system's words for an errno, as they stand in the middle of a sentence.
[[nodiscard]] std::string error_text(int error);

[[nodiscard]] boost::asio::ip::tcp::endpoint endpoint_of(const Check& check);

}  // namespace probes
