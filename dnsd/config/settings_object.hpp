// SPDX-License-Identifier: Apache-2.0
#pragma once
// One object of settings in a config file, and the forms that the values of its keys may have. What
// the keys mean is no matter here. A value that is not as wanted is a problem of the document.

#include "dnsd/sockets/endpoint.hpp"
#include "geo/place/address.hpp"
#include "zones/json/json.hpp"

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace control {

/// Reads true or false.
[[nodiscard]] std::optional<bool> read_switch(const zones::Json& value);

/// Reads ADDRESS:PORT, or an address, which stands for its port 53.
[[nodiscard]] std::optional<net::Endpoint> read_endpoint(const zones::Json& value);

class SettingsObject {
 public:
    /// Writes a problem for each key that is not listed. Returns nothing, with the problem that it
    /// is not the `wanted`, when `value` is no object.
    [[nodiscard]] static std::optional<SettingsObject> read(
        const zones::Json& value, std::string_view wanted,
        std::initializer_list<std::string_view> keys);

    [[nodiscard]] std::optional<zones::Json> find(std::string_view key) const {
        return object_.find(key);
    }
    void fault(std::string text) const { object_.fault(std::move(text)); }

    // The following functions leave `to` as it is when the key is absent or its value is faulty.
    template <class T>
    void read_number(std::string_view key, std::int64_t low, std::int64_t high, T& to) const {
        if (const auto number = integer(key, low, high)) to = static_cast<T>(*number);
    }
    void read_time(std::string_view key, std::chrono::milliseconds low,
                   std::chrono::milliseconds high, std::string_view wanted,
                   std::chrono::milliseconds& to) const;
    /// Prefixes that are good replace those in `to` even if others of the list are faulty.
    void read_prefixes(std::string_view key, std::vector<geo::Prefix>& to) const;
    /// Returns a string that has to be there; empty, after a fault, when it is not.
    [[nodiscard]] std::string required(std::string_view key, std::string_view what) const;

 private:
    explicit SettingsObject(const zones::Json& object) : object_{object} {}
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key, std::int64_t low,
                                                      std::int64_t high) const;

    zones::Json object_;
};

}  // namespace control
