// SPDX-License-Identifier: Apache-2.0
#include "dnsd/engine/chaos.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace engine {
namespace {

enum class Topic : std::uint8_t { Version, Name };
struct Row {
    std::string_view wire_name;
    Topic topic;
};
constexpr std::array rows{
    Row{{"\7version\4bind\0", 14}, Topic::Version},
    Row{{"\7version\6server\0", 16}, Topic::Version},
    Row{{"\2id\6server\0", 11}, Topic::Name},
    Row{{"\10hostname\4bind\0", 15}, Topic::Name},
};

}  // namespace

void answer_chaos(const Identity& identity, const wire::Request& request,
                  const geo::Address& client, wire::Response& response) noexcept {
    const auto asked = request.name.wire();
    const auto row = std::ranges::find_if(rows, [&](const Row& candidate) {
        return candidate.wire_name.size() == asked.size() &&
               std::memcmp(candidate.wire_name.data(), asked.data(), asked.size()) == 0;
    });
    if (row == rows.end() || !identity.open_to(client)) {
        response.set_rcode(wire::Rcode::Refused);
        return;
    }
    response.set_flags(wire::flag_aa);
    if (request.type != zones::rr::TXT && request.type != zones::rr::ANY) return;
    const std::string_view text = row->topic == Topic::Version ? identity.version : identity.name;
    std::array<std::uint8_t, 256> rdata;
    const auto length = std::min<std::size_t>(text.size(), 255);
    rdata[0] = static_cast<std::uint8_t>(length);
    std::memcpy(rdata.data() + 1, text.data(), length);
    if (!response.add(wire::Section::Answer, wire::header_size, zones::rr::TXT, wire::RrClass::CH,
                      0, std::span{rdata}.first(length + 1))) {
        response.truncate();
    }
}

}  // namespace engine
