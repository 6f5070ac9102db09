// SPDX-License-Identifier: Apache-2.0
#include "zones/name/service_binding.hpp"

#include "geo/base/big_endian.hpp"
#include "zones/name/parameter_value.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace zones {
namespace {

using Value = std::span<const std::uint8_t>;

struct Parameter {
    unsigned key;
    Value value;
};

/// Each parameter is: octets 0..1 key · 2..3 length · 4.. value. Returns nothing when the last one
/// is cut short.
std::optional<std::vector<Parameter>> read_parameters(Value octets) {
    std::vector<Parameter> parameters;
    while (!octets.empty()) {
        if (octets.size() < 4 || octets.size() - 4 < geo::read16(octets, 2)) return std::nullopt;
        const std::size_t length = geo::read16(octets, 2);
        parameters.push_back({geo::read16(octets, 0), octets.subspan(4, length)});
        octets = octets.subspan(4 + length);
    }
    return parameters;
}

bool has(const std::vector<Parameter>& parameters, unsigned key) {
    return std::ranges::find(parameters, key, &Parameter::key) != parameters.end();
}

/// True if each key that the value of "mandatory" lists is there, the keys ascend without repeats,
/// and none is "mandatory".
bool all_present(Value keys, const std::vector<Parameter>& parameters) {
    if (keys.empty() || keys.size() % 2 != 0) return false;
    unsigned last = key::mandatory;
    for (; !keys.empty(); keys = keys.subspan(2)) {
        const auto key = geo::read16(keys, 0);
        if (key <= last || !has(parameters, key)) return false;
        last = key;
    }
    return true;
}

struct Written {
    unsigned key = 0;
    std::vector<std::uint8_t> value;
};

}  // namespace

std::string write_parameters(std::span<const Word> words, std::vector<std::uint8_t>& octets) {
    std::vector<Written> all;
    for (; !words.empty(); words = words.subspan(1)) {
        const auto word = words.front();
        const auto sign = std::min(word.text.find('='), word.text.size());
        const auto name = word.text.substr(0, sign);
        auto text = word.text.substr(std::min(sign + 1, word.text.size()));
        // key="value" is one parameter: the quotes make a word of their own.
        const bool open = !word.quoted && sign + 1 == word.text.size();
        if (open && words.size() > 1 && words[1].joined && words[1].quoted) {
            words = words.subspan(1);
            text = words.front().text;
        }
        const auto key = word.quoted || word.joined ? std::nullopt : read_key(name);
        if (!key) return '"' + std::string{word.text} + "\" is no parameter: key, or key=value";
        auto& written = all.emplace_back(Written{.key = *key, .value = {}});
        if (auto fault = write_value(name, *key, text, written.value); !fault.empty()) return fault;
    }
    std::ranges::stable_sort(all, {}, &Written::key);
    std::vector<std::uint8_t> parameters;
    for (const auto& [key, value] : all) {
        if (value.size() > 65535) return "a value in it is too long";
        geo::append_number(parameters, key, 2);
        geo::append_number(parameters, value.size(), 2);
        parameters.insert(parameters.end(), value.begin(), value.end());
    }
    octets.insert(octets.end(), parameters.begin(), parameters.end());
    return std::string{fault_of_parameters(parameters)};
}

std::string_view fault_of_parameters(std::span<const std::uint8_t> octets) {
    const auto parameters = read_parameters(octets);
    if (!parameters) return "a part of it cannot be read";
    const auto falls = [](const Parameter& a, const Parameter& b) { return a.key >= b.key; };
    if (std::ranges::adjacent_find(*parameters, falls) != parameters->end())
        return "a key stands there twice, or keys are out of order (RFC 9460 §2.2)";
    for (const auto& [key, value] : *parameters) {
        if (const auto fault = fault_of_value(key, value); !fault.empty()) return fault;
    }
    if (has(*parameters, key::mandatory) && !all_present(parameters->front().value, *parameters))
        return "\"mandatory\" names a key twice, one that is not there, or itself (RFC 9460 §8)";
    if (has(*parameters, key::no_default_alpn) && !has(*parameters, key::alpn))
        return "\"no-default-alpn\" needs \"alpn\" (RFC 9460 §7.1.1)";
    return {};
}

}  // namespace zones
