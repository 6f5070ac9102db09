// SPDX-License-Identifier: Apache-2.0
#include "zones/file/check_values.hpp"

#include "tests/zones/reading.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>

namespace file_check_values_test {

TEST_CASE("texts of a check have bounds in octets") {
    struct Row {
        std::string name;
        std::string before;
        std::string repeated;
        std::size_t most;
    };
    const Row rows[] = {
        {"path", R"({"http": 1, "path": ")", "/", 1024},
        {"body", R"({"http": 1, "body": ")", "x", 1024},
        {"host", R"({"http": 1, "host": ")", "x", 253},
        {"file", R"({"file": ")", "/", 4095},
        {"program", R"({"command": ")", "/", 4095},
        {"argument", R"({"command": ["/bin/true", ")", "x", 4095},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto read = [&](std::size_t length) {
            auto text = row.before;
            for (std::size_t i = 0; i < length; ++i) text += row.repeated;
            text += row.name == "argument" ? "\"]}" : "\"}";
            return reading::read_with(R"("edges": {"a": {"addresses": "192.0.2.1", "check": )" +
                                      text + R"(}}, "records": {"@": {"steer": "a"}})");
        };
        CHECK(read(row.most).zone != nullptr);
        const auto longer = read(row.most + 1);
        CHECK(longer.zone == nullptr);
        CHECK(longer.problems.size() == 1);
    }
}

TEST_CASE("a host is a name in lower case without the dot at its end, or nothing") {
    struct Row {
        std::string text;
        std::string expected;
    };
    const Row rows[] = {
        {"plex.example.com.", "plex.example.com"},
        {"A-b_c.1", "a-b_c.1"},
        {"192.0.2.1", "192.0.2.1"},
        {"", ""},
        {".", ""},
        {"a..", ""},
        {".a", ""},
        {"a..b", ""},
        {"a b", ""},
        {"a:80", ""},
        {"a/b", ""},
        {"2001:db8::1", ""},
        {"a\\.b", ""},
        {"b\xC3\xBC", ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(zones::read_host(row.text) == row.expected);
    }
}

}  // namespace file_check_values_test
