// SPDX-License-Identifier: Apache-2.0
#include "dnsd/wire/message_name.hpp"

#include <array>
#include <cstring>

namespace wire {

bool read_name(Octets message, std::size_t& at, zones::Name& name) noexcept {
    std::array<std::uint8_t, zones::max_name_length> octets;
    std::size_t size = 0;
    std::size_t from = at;
    std::size_t lowest = at;  // a pointer leads before the place where reading last began
    bool jumped = false;
    // No name has more labels than this, and none needs two pointers in a row.
    for (std::size_t steps = 0; steps < 2 * zones::max_labels; ++steps) {
        if (from >= message.size()) return false;
        const std::size_t head = message[from];
        if (head >= 0xC0) {
            if (message.size() - from < 2) return false;
            const std::size_t target = read16(message, from) & 0x3FFF;
            if (target >= lowest) return false;
            if (!jumped) at = from + 2;
            jumped = true;
            from = lowest = target;
            continue;
        }
        const auto length = head + 1;
        if (head > 63 || length > message.size() - from || size + length > octets.size())
            return false;
        std::memcpy(octets.data() + size, message.data() + from, length);
        size += length;
        from += length;
        if (head != 0) continue;
        if (!jumped) at = from;
        return name.assign({octets.data(), size});
    }
    return false;
}

}  // namespace wire
