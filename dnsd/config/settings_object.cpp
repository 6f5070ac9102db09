// SPDX-License-Identifier: Apache-2.0
#include "dnsd/config/settings_object.hpp"

#include "zones/json/duration.hpp"

namespace control {

using zones::Json;

std::optional<bool> read_switch(const Json& value) {
    if (value.is(Json::Kind::Boolean)) return value.text() == "true";
    value.expected("true or false");
    return std::nullopt;
}

std::optional<net::Endpoint> read_endpoint(const Json& value) {
    const auto text = value.string("ADDRESS:PORT");
    if (!text) return std::nullopt;
    const auto endpoint = net::read_endpoint(*text);
    if (endpoint) return *endpoint;
    value.fault(endpoint.error().text);
    return std::nullopt;
}

std::optional<SettingsObject> SettingsObject::read(const Json& value, std::string_view wanted,
                                                   std::initializer_list<std::string_view> keys) {
    if (!value.object(wanted)) return std::nullopt;
    value.allow_keys(keys);
    return SettingsObject{value};
}

std::optional<std::int64_t> SettingsObject::integer(std::string_view key, std::int64_t low,
                                                    std::int64_t high) const {
    const auto value = object_.find(key);
    if (!value) return std::nullopt;
    const auto wanted = "an integer from " + std::to_string(low) + " to " + std::to_string(high);
    return value->integer(low, high, wanted);
}

void SettingsObject::read_time(std::string_view key, std::chrono::milliseconds low,
                               std::chrono::milliseconds high, std::string_view wanted,
                               std::chrono::milliseconds& to) const {
    if (const auto value = object_.find(key))
        to = zones::read_milliseconds(*value, low, high, std::string{wanted}).value_or(to);
}

void SettingsObject::read_prefixes(std::string_view key, std::vector<geo::Prefix>& to) const {
    const auto list = object_.find(key);
    if (!list) return;
    to.clear();
    for (const auto& item : list->one_or_more()) {
        const auto text = item.string("a prefix");
        const auto prefix = text ? geo::read_prefix(*text) : std::nullopt;
        if (prefix) {
            to.push_back(*prefix);
        } else if (text) {
            item.expected("a prefix, as in 192.0.2.0/24");
        }
    }
}

std::string SettingsObject::required(std::string_view key, std::string_view what) const {
    const auto value = object_.find(key);
    if (!value) {
        object_.fault(std::string{"\""}.append(key) + "\" is missing: " + std::string{what});
        return {};
    }
    const auto text = value->string(what);
    if (text && text->empty()) value->expected(what);
    return std::string{text.value_or("")};
}

}  // namespace control
