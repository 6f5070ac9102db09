// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/example_zones.hpp"

namespace e2e {

std::string plain_zone(std::string_view apex, std::string_view address) {
    std::string large;
    for (int i = 0; i < 100; ++i) {
        large += (i == 0 ? "\"" : ", \"") + std::string(40, 'x') + std::to_string(i) + "\"";
    }
    return "{\n"
           "    \"zone\": \"" +
           std::string{apex} +
           "\",\n"
           "    \"ttl\": 60,\n"
           "    \"nameservers\": { \"ns1\": [\"192.0.2.10\"], \"ns2\": [\"198.51.100.20\"] },\n"
           "    \"records\": {\n"
           "        \"@\": { \"A\": \"" +
           std::string{address} +
           "\" },\n"
           "        \"alias\": { \"CNAME\": \"@\" },\n"
           "        \"*.wild\": { \"A\": \"192.0.2.77\" },\n"
           "        \"large\": { \"TXT\": [" +
           large +
           "] }\n"
           "    }\n"
           "}\n";
}

std::string steered_zone(std::string_view apex) {
    return R"({
    "zone": ")" +
           std::string{apex} + R"(",
    "nameservers": { "ns1": ["192.0.2.10"] },
    "edges": {
        "germany": { "addresses": ["192.0.2.1"], "location": [50.1, 8.7] },
        "india": { "addresses": ["192.0.2.2"], "location": [19.1, 72.9] },
        "other": { "addresses": ["192.0.2.3"], "location": [40.7, -74.0] }
    },
    "records": {
        "where": { "steer": { "geo": { "country:DE": "germany", "country:IN": "india", "*": "other" } } }
    }
}
)";
}

std::string faulty_zone(std::string_view apex) {
    return "{\n"
           "    \"zone\": \"" +
           std::string{apex} +
           "\",\n"
           "    \"tll\": 60,\n"
           "    \"nameservers\": { \"ns1\": [\"192.0.2.10\"] },\n"
           "    \"records\": { \"@\": { \"A\": \"192.0.2.99\" } }\n"
           "}\n";
}

}  // namespace e2e
