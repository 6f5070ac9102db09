// SPDX-License-Identifier: Apache-2.0
// The schema of isochrone.json lists the keys that the parser knows, and no others, with the parser's
// bounds. Candidates for keys are all words that the parser's source has in quotes.
#include "dnsd/config/config.hpp"
#include "tests/support/quoted_words.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <string>

namespace config_config_schema_test {

namespace {

const std::string project = TEST_DATA "/../../";
const std::string parser = "dnsd/config/config.cpp";

nlohmann::json keys_at(const std::string& pointer) {
    const auto schema =
        nlohmann::json::parse(support::contents(project + "docs/isochrone.schema.json"));
    return schema.at(nlohmann::json::json_pointer{pointer});
}

struct Place {
    std::string name;
    std::string pointer;  // to "properties" in the schema
    std::string before;   // a config file up to the key, and behind its value
    std::string behind;
};
const Place places[] = {
    {"config", "/properties", "{", "}"},
    {"allow", "/properties/allow/properties", "{\"allow\": {", "}}"},
    {"tcp", "/properties/tcp/properties", "{\"tcp\": {", "}}"},
    {"relay", "/properties/relay/properties", "{\"relay\": {\"ports\": 1, ", "}}"},
    {"node", "/properties/node/properties", "{\"node\": {", "}}"},
    {"latency", "/properties/latency/properties", "{\"latency\": {", "}}"},
    {"measure", "/properties/measure/properties", "{\"measure\": {", "}}"},
    {"landmark", "/$defs/landmark/properties", "{\"measure\": {\"landmarks\": [{", "}]}}"},
    {"cookies", "/properties/cookies/properties", "{\"cookies\": {", "}}"},
    {"rate_limit", "/properties/rate_limit/properties", "{\"rate_limit\": {", "}}"},
};

geo::Problems problems_of(const Place& place, const std::string& key, const std::string& value) {
    const support::TemporaryFolder folder;
    const auto path =
        folder.write("isochrone.json", place.before + '"' + key + "\": " + value + place.behind);
    geo::Problems problems;
    static_cast<void>(control::load_config(path, problems));
    return problems;
}

bool knows(const Place& place, const std::string& key) {
    const auto refused = [&](const geo::Problem& problem) {
        return problem.text.find("unknown key \"" + key + '"') != std::string::npos;
    };
    return std::ranges::none_of(problems_of(place, key, "0"), refused);
}

/// Other faults, of keys that are missing, do not count.
bool takes(const Place& place, const std::string& key, std::int64_t number) {
    const auto path = place.name == "config" ? key : place.name + '.' + key;
    const auto problems = problems_of(place, key, std::to_string(number));
    return std::ranges::count(problems, path, &geo::Problem::path) == 0;
}

}  // namespace

TEST_CASE("the parser of isochrone.json knows the keys that the schema lists, and no others") {
    const auto words = support::quoted_words(support::contents(project + parser));
    CHECK(words.size() > 40);
    for (const auto& place : places) {
        CAPTURE(place.name);
        const auto listed = keys_at(place.pointer);
        CHECK(!listed.empty());
        for (const auto& [key, schema] : listed.items()) {
            CAPTURE(key);
            CHECK(knows(place, key));
        }
        for (const auto& word : words) {
            CAPTURE(word);
            CHECK(knows(place, word) == listed.contains(word));
        }
        CHECK_FALSE(knows(place, "no-such-key"));
    }
}

TEST_CASE("the schema of isochrone.json has the parser's bounds of numbers and times") {
    int bounded = 0;
    for (const auto& place : places) {
        CAPTURE(place.name);
        const auto listed = keys_at(place.pointer);
        for (const auto& [key, schema] : listed.items()) {
            if (!schema.contains("minimum")) continue;
            CAPTURE(key);
            const auto low = schema.at("minimum").get<std::int64_t>();
            const auto high = schema.at("maximum").get<std::int64_t>();
            CHECK(takes(place, key, low));
            CHECK(takes(place, key, high));
            CHECK_FALSE(takes(place, key, low - 1));
            CHECK_FALSE(takes(place, key, high + 1));
            ++bounded;
        }
    }
    CHECK(bounded > 15);
}

}  // namespace config_config_schema_test
