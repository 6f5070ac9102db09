// SPDX-License-Identifier: Apache-2.0
#include "dnsd/wire/client_subnet.hpp"

namespace wire {

std::optional<ClientSubnet> read_client_subnet(Octets option) noexcept {
    if (option.size() < 4) return std::nullopt;
    const auto family_number = read16(option, 0);
    const unsigned source = option[2];
    const unsigned scope = option[3];
    if (family_number > 2 || scope != 0) return std::nullopt;
    const auto family = family_number == 2 ? geo::Family::V6 : geo::Family::V4;
    if (source > (family_number == 0 ? 0 : width(family))) return std::nullopt;
    if (option.size() != 4 + (source + 7) / 8) return std::nullopt;
    const auto address = geo::address_from(family, option.subspan(4));
    if ((address.bits & ~geo::mask(source)) != 0) return std::nullopt;
    return ClientSubnet{option, {address, static_cast<std::uint8_t>(source)}};
}

}  // namespace wire
