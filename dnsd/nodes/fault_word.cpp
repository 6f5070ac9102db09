// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/fault_word.hpp"

#include "zones/name/name.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <cstdint>

namespace transfer {

std::string fault_word(const boost::system::error_code& fault) {
    namespace asio = boost::asio;
    if (fault == asio::error::operation_aborted || fault == asio::error::bad_descriptor)
        return "timed_out";
    if (fault == asio::error::eof) return "connection_closed";
    auto text = fault.message();
    std::ranges::transform(text, text.begin(), [](char c) {
        return c == ' ' ? '_' : static_cast<char>(zones::lower(static_cast<std::uint8_t>(c)));
    });
    return text;
}

const char* fault_word(TsigFault fault) {
    switch (fault) {
        case TsigFault::BadSig:
            return "bad_signature";
        case TsigFault::BadKey:
            return "unknown_key";
        case TsigFault::BadTime:
            return "clocks_differ";
        case TsigFault::BadTrunc:
            return "short_signature";
        case TsigFault::Unsigned:
            return "unsigned_answer";
        case TsigFault::None:
        case TsigFault::Malformed:
            break;
    }
    return "broken_message";
}

}  // namespace transfer
