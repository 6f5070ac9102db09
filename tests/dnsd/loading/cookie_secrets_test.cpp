// SPDX-License-Identifier: Apache-2.0
#include "dnsd/loading/cookie_secrets.hpp"

#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

namespace loading_cookie_secrets_test {

using control::CookieSecrets;

namespace {

constexpr auto first = "e5e973e5a6b2a43f48e7dc849e37bfcf";
constexpr auto second = "445536BCD2513298075A5D379663C962";

zones::Name name(std::string_view text) {
    return *zones::Name::from_text(text, zones::Name{});
}

transfer::Keys keys(std::vector<std::uint8_t> fills) {
    std::vector<transfer::TsigKey> made;
    for (const auto fill : fills)
        made.push_back(
            {name("key" + std::to_string(fill) + "."), std::vector<std::uint8_t>(32, fill)});
    return transfer::Keys{std::move(made)};
}

}  // namespace

TEST_CASE("a file of secrets has one or two lines of 32 hexadecimal digits") {
    geo::Problems problems;
    const auto read = [&](const std::string& text) {
        return control::read_cookie_secrets(text, "cookies", problems);
    };
    const auto one = read(std::string{first} + "\n");
    REQUIRE(one.has_value());
    REQUIRE(one->size() == 1);
    CHECK(one->front() == geo::SipKey{.low = 0x3FA4B2A6E573E9E5, .high = 0xCFBF379E84DCE748});
    const auto two = read("# since May\n" + std::string{first} + "\r\n\n  " + second);
    REQUIRE(two.has_value());
    CHECK(two->size() == 2);
    CHECK(two->front() == one->front());
    CHECK(problems.empty());
}

TEST_CASE("what is no file of secrets is a fault that names its line, and shows no secret") {
    struct Row {
        const char* name;
        std::string text;
        std::size_t line;
        const char* says;
    };
    const auto good = std::string{first} + "\n";
    const Row rows[] = {
        {"nothing", "", 0, "no secret"},
        {"a comment", "# none\n", 1, "no secret"},
        {"31 digits", good.substr(1), 1, "32 hexadecimal"},
        {"33 digits", "0" + good, 1, "32 hexadecimal"},
        {"a letter", "g" + good.substr(1), 1, "32 hexadecimal"},
        {"a sign", "-" + good.substr(1), 1, "32 hexadecimal"},
        {"a bad second", good + "secret", 2, "32 hexadecimal"},
        {"three", good + good + "\n" + good, 4, "two at most"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        geo::Problems problems;
        CHECK_FALSE(control::read_cookie_secrets(row.text, "cookies", problems).has_value());
        REQUIRE(problems.size() == 1);
        CHECK(problems[0].file == "cookies");
        CHECK(problems[0].line == row.line);
        CHECK(problems[0].text.find(row.says) != std::string::npos);
        CHECK(problems[0].text.find("e973e5a6") == std::string::npos);
    }
}

TEST_CASE("nodes with one key have one secret, which no other zone or key has") {
    const auto zone = name("plex.example.com.");
    const auto here = control::derived_cookie_secrets(keys({7}), zone);
    REQUIRE(here.size() == 1);
    CHECK(control::derived_cookie_secrets(keys({7}), name("PLEX.example.com.")) == here);
    CHECK(control::derived_cookie_secrets(keys({8}), zone) != here);
    CHECK(control::derived_cookie_secrets(keys({7}), name("example.com.")) != here);
    // As keys roll over, so do secrets.
    const auto both = control::derived_cookie_secrets(keys({8, 7}), zone);
    REQUIRE(both.size() == 2);
    CHECK(both[1] == here[0]);
    CHECK(both[0] == control::derived_cookie_secrets(keys({8}), zone)[0]);
}

TEST_CASE("chance makes another secret each time") {
    const auto made = control::random_cookie_secrets();
    REQUIRE(made.size() == 1);
    CHECK(made != control::random_cookie_secrets());
}

TEST_CASE("a file of secrets is read again once it has changed and been still") {
    const support::TemporaryFolder folder;
    const auto write = [&](const std::string& text) {
        const auto path = folder.write("cookies", text);
        std::filesystem::permissions(
            path, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
        return path;
    };
    control::CookieSecretFile file{write(first)};
    geo::Problems problems;
    CHECK(file.named());
    CHECK(file.load(problems).has_value());
    CHECK_FALSE(file.changed());
    write(std::string{first} + "\n" + second);
    CHECK_FALSE(file.changed());
    CHECK(file.changed());
    const auto loaded = file.load(problems);
    REQUIRE(loaded.has_value());
    CHECK(loaded->size() == 2);
    CHECK_FALSE(file.changed());
    CHECK(problems.empty());
    // A secret that all can read is none.
    std::filesystem::permissions(folder.path("cookies"), std::filesystem::perms::others_read,
                                 std::filesystem::perm_options::add);
    CHECK_FALSE(file.load(problems).has_value());
    CHECK(problems.size() == 1);
    CHECK_FALSE(control::CookieSecretFile{""}.named());
    CHECK_FALSE(control::CookieSecretFile{""}.changed());
}

}  // namespace loading_cookie_secrets_test
