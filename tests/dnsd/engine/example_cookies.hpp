// SPDX-License-Identifier: Apache-2.0
#pragma once
// The secrets and cookies of the examples in RFC 9018, appendix A.

#include "geo/base/sip_hash.hpp"
#include "tests/dnsd/query.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace support {

/// Reads pairs of hexadecimal digits.
[[nodiscard]] inline Bytes octets(std::string_view digits) {
    Bytes bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2)
        bytes.push_back(
            static_cast<std::uint8_t>(std::stoul(std::string{digits.substr(i, 2)}, nullptr, 16)));
    return bytes;
}

[[nodiscard]] inline geo::SipKey secret(std::string_view digits) {
    const auto bytes = octets(digits);
    return geo::sip_key(std::span{bytes}.first<16>());
}

inline const geo::SipKey first_secret = secret("e5e973e5a6b2a43f48e7dc849e37bfcf");
inline const geo::SipKey second_secret = secret("445536bcd2513298075a5d379663c962");
constexpr std::uint32_t june_2019 = 1559731985;
constexpr const char* client_cookie = "2464c4abcf10c957";

}  // namespace support
