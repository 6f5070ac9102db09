// SPDX-License-Identifier: Apache-2.0
#include "probes/path/echo_message.hpp"

#include "geo/base/big_endian.hpp"

#include <algorithm>

namespace probes {
namespace {

struct Types {
    std::uint8_t request;
    std::uint8_t answer;
};

constexpr Types types_of(geo::Family family) noexcept {
    return family == geo::Family::V4 ? Types{8, 0} : Types{128, 129};
}

constexpr std::size_t token_at = 8;

/// RFC 1071. An even number of octets.
std::uint16_t checksum(std::span<const std::uint8_t> octets) noexcept {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i + 1 < octets.size(); i += 2) {
        sum += geo::read16(octets, i);
    }
    while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}

}  // namespace

EchoMessage write_echo(geo::Family family, std::uint16_t identifier, std::uint16_t sequence,
                       const EchoToken& token) noexcept {
    EchoMessage message{};
    message[0] = types_of(family).request;
    geo::write16(message, 4, identifier);
    geo::write16(message, 6, sequence);
    std::ranges::copy(token, message.begin() + token_at);
    if (family == geo::Family::V4) geo::write16(message, 2, checksum(message));
    return message;
}

std::optional<EchoAnswer> read_echo(geo::Family family,
                                    std::span<const std::uint8_t> message) noexcept {
    if (message.size() != EchoMessage{}.size()) return std::nullopt;
    if (message[0] != types_of(family).answer || message[1] != 0) return std::nullopt;
    EchoAnswer answer{.sequence = geo::read16(message, 6), .token = {}};
    std::ranges::copy(message.subspan(token_at), answer.token.begin());
    return answer;
}

std::span<const std::uint8_t> behind_ip_header(std::span<const std::uint8_t> packet) noexcept {
    if (packet.empty() || packet[0] >> 4 != 4) return {};
    const std::size_t length = 4U * (packet[0] & 0xFU);
    return length < 20 || length > packet.size() ? std::span<const std::uint8_t>{}
                                                 : packet.subspan(length);
}

}  // namespace probes
