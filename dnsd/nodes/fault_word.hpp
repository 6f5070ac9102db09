// SPDX-License-Identifier: Apache-2.0
#pragma once
// Words for what goes wrong between this server and a peer, as values of lines of facts.

#include "dnsd/tsig/tsig.hpp"

#include <boost/system/error_code.hpp>

#include <string>

namespace transfer {

/// Returns "connection_refused" for "Connection refused".
[[nodiscard]] std::string fault_word(const boost::system::error_code& fault);
[[nodiscard]] const char* fault_word(TsigFault fault);

}  // namespace transfer
