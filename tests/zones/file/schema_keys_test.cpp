// SPDX-License-Identifier: Apache-2.0
// Every key that the schema lists is one that the parser knows, and the other way round. Candidates
// for the latter are all words that the parser's sources have in quotes.
#include "tests/support/quoted_words.hpp"
#include "tests/zones/reading.hpp"
#include "zones/name/record.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>
#include <string>

namespace file_schema_keys_test {

namespace {

const std::string project = TEST_DATA "/../..";

nlohmann::json schema() {
    return nlohmann::json::parse(support::contents(project + "/docs/zone.schema.json"));
}

std::set<std::string> keys_at(const std::string& pointer) {
    std::set<std::string> keys;
    const auto whole = schema();
    for (const auto& [key, value] : whole.at(nlohmann::json::json_pointer{pointer}).items()) {
        keys.insert(key);
    }
    return keys;
}

std::set<std::string> words_of_the_parser() {
    std::set<std::string> words{"probe", "name", "type"};
    for (const auto* file :
         {"file/zone_file", "file/zone_names", "file/zone_ttls", "file/soa_reader",
          "file/rrset_reader", "file/check_reader", "file/check_values", "file/edge_reader",
          "file/steer_reader", "file/match_reader", "json/duration"}) {
        words.merge(support::quoted_words(support::contents(project + "/zones/" + file + ".cpp")));
    }
    for (const auto& type : zones::type_names()) words.insert(type);
    return words;
}

struct Place {
    std::string name;
    std::string pointer;  // to "properties" in the schema
    std::string before;   // a zone file up to the key, and behind its value
    std::string behind;
};
const Place places[] = {
    {"zone", "/properties", "{", "}"},
    {"soa", "/properties/soa/properties", "{\"zone\": \"x\", \"soa\": {", "}}"},
    {"edge", "/$defs/edge/properties", "{\"zone\": \"x\", \"edges\": {\"e\": {", "}}}"},
    {"all down", "/properties/all_down/oneOf/1/properties", "{\"zone\": \"x\", \"all_down\": {",
     "}}"},
    {"check", "/$defs/check/properties", "{\"zone\": \"x\", \"edges\": {\"e\": {\"check\": {",
     "}}}}"},
    {"checks", "/$defs/check/properties", "{\"zone\": \"x\", \"edges\": {\"e\": {\"check\": [{",
     "}]}}}"},
    {"origin", "/$defs/check/properties", "{\"zone\": \"x\", \"edges\": {\"e\": {\"origin\": {",
     "}}}}"},
    {"damping", "/$defs/damping/properties",
     "{\"zone\": \"x\", \"edges\": {\"e\": {\"check\": {\"tcp\": 1, \"damping\": {", "}}}}}"},
    {"RRset", "/$defs/set/oneOf/2/properties", "{\"zone\": \"x\", \"records\": {\"@\": {\"TXT\": {",
     "}}}}"},
    {"address", "/$defs/a/oneOf/2/properties", "{\"zone\": \"x\", \"records\": {\"@\": {\"A\": {",
     "}}}}"},
    {"CNAME", "/$defs/single/oneOf/2/properties",
     "{\"zone\": \"x\", \"records\": {\"@\": {\"CNAME\": {", "}}}}"},
    {"steer", "/$defs/rootPolicy/properties",
     "{\"zone\": \"x\", \"records\": {\"@\": {\"steer\": {", "}}}}"},
    {"policy", "/$defs/policy/properties",
     "{\"zone\": \"x\", \"records\": {\"@\": {\"steer\": {\"all\": [{", "}]}}}}"},
    {"share", "/$defs/policy/properties/weighted/oneOf/1/items/properties",
     "{\"zone\": \"x\", \"records\": {\"@\": {\"steer\": {\"weighted\": [{", "}]}}}}"},
    {"name", "/$defs/node/properties", "{\"zone\": \"x\", \"records\": {\"@\": {", "}}}"},
};

bool knows(const Place& place, const std::string& key) {
    const auto [zone, problems] =
        reading::read(std::string{place.before} + "\"" + key + "\": 0" + place.behind);
    const auto refused = [&](const std::string& problem) {
        return problem.find("unknown key \"" + key + "\"") != std::string::npos ||
               problem.find("expected a record type or \"steer\", found \"" + key + "\"") !=
                   std::string::npos;
    };
    return std::ranges::none_of(problems, refused);
}

}  // namespace

TEST_CASE("the parser knows the keys that the schema lists, and no others") {
    const auto words = words_of_the_parser();
    CHECK(words.size() > 100);
    for (const auto& place : places) {
        CAPTURE(place.name);
        const auto listed = keys_at(place.pointer);
        CHECK(!listed.empty());
        for (const auto& key : listed) {
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

TEST_CASE("the schema lists every record type that ldns reads") {
    auto listed = keys_at("/$defs/node/properties");
    CHECK(listed.erase("steer") == 1);
    const auto& known = zones::type_names();
    CHECK(listed == std::set<std::string>{known.begin(), known.end()});
}

}  // namespace file_schema_keys_test
