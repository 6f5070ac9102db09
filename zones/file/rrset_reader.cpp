// SPDX-License-Identifier: Apache-2.0
#include "zones/file/rrset_reader.hpp"

#include "geo/text/found_text.hpp"
#include "geo/text/suggestion.hpp"
#include "zones/json/duration.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace zones {
namespace {

constexpr std::size_t max_values = 4096;  // records of one RRset

void report_unknown_type(std::string_view name, const Json& value) {
    std::vector<std::string_view> known{"steer"};
    for (const auto& type : type_names()) known.emplace_back(type);
    value.key_fault("expected a record type or \"steer\", found \"" + std::string{name} + "\"" +
                    suggestion(name, known));
}

std::optional<Rdata> read_set_value(RrType type, const Json& item, const WrittenName& origin) {
    const auto text = item.string("a value in presentation format");
    if (!text) return std::nullopt;
    auto [rdata, fault, odd] = read_rdata(type, *text, origin);
    if (!odd.empty()) item.warning(std::move(odd));
    if (rdata) return rdata;
    const auto example = example_of(type);
    item.expected(type_text(type) + (example.empty() ? " in presentation format"
                                                     : ", as in " + json_string(example)),
                  fault);
    return rdata;
}

/// Each value may stand there once.
std::vector<Rdata> read_set_values(RrType type, std::span<const Json> items,
                                   const WrittenName& origin) {
    std::vector<Rdata> rdatas;
    for (const auto& item : items) {
        auto rdata = read_set_value(type, item, origin);
        if (!rdata) continue;
        const auto same = [&](const Rdata& other) {
            return same_value(type, other.octets, rdata->octets);
        };
        if (std::ranges::any_of(rdatas, same)) {
            item.fault("the value stands here twice");
        } else {
            rdatas.push_back(std::move(*rdata));
        }
    }
    return rdatas;
}

}  // namespace

std::optional<ReadSet> read_rrset(std::string_view type_name, const Json& value, std::uint32_t ttl,
                                  const WrittenName& origin) {
    const auto type = read_type(type_name);
    if (!type) {
        report_unknown_type(type_name, value);
        return std::nullopt;
    }
    Json values = value;
    if (value.is(Json::Kind::Object)) {
        value.allow_keys({"ttl", "values"});
        if (const auto own = value.find("ttl")) ttl = read_seconds(*own).value_or(ttl);
        const auto inner = value.find("values");
        if (!inner) {
            value.fault("\"values\" is missing");
            return std::nullopt;
        }
        values = *inner;
    }
    const auto items = values.one_or_more();
    if (items.empty()) values.expected("at least one value");
    if (items.size() > max_values) {
        values.fault("more than 4096 values");
        return std::nullopt;
    }
    auto rdatas = read_set_values(*type, items, origin);
    if (rdatas.empty()) return std::nullopt;
    return ReadSet{.type = *type, .ttl = ttl, .rdatas = std::move(rdatas)};
}

}  // namespace zones
