// SPDX-License-Identifier: Apache-2.0
#pragma once
// Answers questions about the server itself: version.bind, version.server, id.server and
// hostname.bind in class CH (RFC 4892).

#include "dnsd/engine/snapshot.hpp"
#include "dnsd/wire/request.hpp"
#include "dnsd/wire/response.hpp"

namespace engine {

/// Writes the answer; REFUSED for any other name and for a client who may not ask.
void answer_chaos(const Identity& identity, const wire::Request& request,
                  const geo::Address& client, wire::Response& response) noexcept;

}  // namespace engine
