// SPDX-License-Identifier: Apache-2.0
#include "zones/service_binding.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace zones {
namespace {

constexpr unsigned mandatory = 0;
constexpr unsigned alpn = 1;
constexpr unsigned no_default_alpn = 2;

using Value = std::span<const std::uint8_t>;

struct Parameter {
    unsigned key;
    Value value;
};

unsigned read16(Value octets) {
    return unsigned{octets[0]} << 8 | octets[1];
}

/// Octets 0..1 key · 2..3 length · 4.. value, for each. Nothing when the last one is cut short.
std::optional<std::vector<Parameter>> read_parameters(Value octets) {
    std::vector<Parameter> parameters;
    while (!octets.empty()) {
        if (octets.size() < 4 || octets.size() - 4 < read16(octets.subspan(2))) return std::nullopt;
        const std::size_t length = read16(octets.subspan(2));
        parameters.push_back({read16(octets), octets.subspan(4, length)});
        octets = octets.subspan(4 + length);
    }
    return parameters;
}

bool has(const std::vector<Parameter>& parameters, unsigned key) {
    return std::ranges::find(parameters, key, &Parameter::key) != parameters.end();
}

/// Whether each key in the value is there and stands once, in order, and none is "mandatory".
bool all_present(Value keys, const std::vector<Parameter>& parameters) {
    if (keys.empty() || keys.size() % 2 != 0) return false;
    unsigned last = mandatory;
    for (; !keys.empty(); keys = keys.subspan(2)) {
        const auto key = read16(keys);
        if (key <= last || !has(parameters, key)) return false;
        last = key;
    }
    return true;
}

}  // namespace

std::string_view fault_of_service_binding(const Rdata& rdata) {
    const auto target = name_in(rdata, 2);
    const auto parameters =
        target ? read_parameters(Value{rdata.octets}.subspan(2 + target->length())) : std::nullopt;
    if (!parameters) return "a part of it cannot be read";
    const auto falls = [](const Parameter& a, const Parameter& b) { return a.key >= b.key; };
    if (std::ranges::adjacent_find(*parameters, falls) != parameters->end())
        return "a key stands there twice, or keys are out of order (RFC 9460 §2.2)";
    if (has(*parameters, mandatory) && !all_present(parameters->front().value, *parameters))
        return "\"mandatory\" names a key that is not there, or itself (RFC 9460 §8)";
    if (has(*parameters, no_default_alpn) && !has(*parameters, alpn))
        return "\"no-default-alpn\" needs \"alpn\" (RFC 9460 §7.1.1)";
    return {};
}

}  // namespace zones
