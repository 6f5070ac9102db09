// SPDX-License-Identifier: Apache-2.0
#include "dnsd/tsig/keys.hpp"

#include "dnsd/tsig/base64.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <set>

#include <sys/stat.h>
#include <unistd.h>

namespace tsig_keys_test {

using namespace transfer;

namespace {

constexpr const char* secret = "MDEyMzQ1Njc4OWFiY2RlZg==";  // 0123456789abcdef

zones::Name name_of(const char* text) {
    return *zones::Name::from_text(text, zones::Name{});
}

std::string key_text(const std::string& name) {
    return "key \"" + name + "\" { algorithm hmac-sha256; secret \"" + secret + "\"; };\n";
}

std::string fault_of(const std::string& text) {
    geo::Problems problems;
    CHECK(!read_keys(text, "a.key", problems));
    REQUIRE(problems.size() == 1);
    return geo::to_text(problems[0]);
}

}  // namespace

TEST_CASE("a key file is read as tsig-keygen prints it, with comments and without quotes") {
    geo::Problems problems;
    const auto keys = read_keys(
        "# one\n// two\n/* three\n */ key \"Old.\" {\n\talgorithm hmac-sha256;\n\tsecret \"" +
            std::string{secret} + "\";\n};\nkey new { secret " + secret +
            "; algorithm HMAC-SHA256; };",
        "a.key", problems);
    CHECK(problems.empty());
    REQUIRE(keys);
    CHECK(keys->size() == 2);
    CHECK(keys->first().name == name_of("old."));
    const auto* fresh = keys->find(name_of("NEW."));
    REQUIRE(fresh != nullptr);
    CHECK(std::string{fresh->secret.begin(), fresh->secret.end()} == "0123456789abcdef");
    CHECK(keys->find(name_of("other.")) == nullptr);
}

TEST_CASE("what is wrong with a key file is said with its line and what was expected") {
    struct Row {
        const char* name;
        std::string text;
        const char* expected;
    };
    const Row rows[] = {
        {"empty", "# nothing\n", "a key: key \"NAME\""},
        {"no name", "key { };", "the key's name"},
        {"other statement", "zone x { };", "expected key, found"},
        {"other algorithm", "\nkey a {\n algorithm hmac-md5; };",
         "a.key:3: expected hmac-sha256, found \"hmac-md5\""},
        {"no base64", "key a { secret \"%%%%\"; };", "16 octets or more"},
        {"short secret", "key a { secret \"YWJj\"; };", "16 octets or more"},
        {"no secret", "key a { algorithm hmac-sha256; };", "secret"},
        {"no semicolon", std::string{"key a { secret \""} + secret + "\" };", "expected ;"},
        {"cut short", std::string{"key a { secret \""} + secret + "\";", "the end of the file"},
        {"twice", key_text("a") + key_text("A"), "a name that no other key"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto fault = fault_of(row.text);
        CAPTURE(fault);
        CHECK(fault.find(row.expected) != std::string::npos);
        CHECK(fault.find(secret) == std::string::npos);
    }
}

TEST_CASE("a key file that others can read or change is refused, and the cure is named") {
    const support::TemporaryFolder folder;
    const auto path = folder.write("a.key", key_text("a"));
    struct Row {
        mode_t mode;
        bool good;
    };
    for (const auto& row : {Row{0600, true}, Row{0640, true}, Row{0400, true}, Row{0660, false},
                            Row{0644, false}, Row{0602, false}, Row{0641, false}}) {
        CAPTURE(row.mode);
        REQUIRE(::chmod(path.c_str(), row.mode) == 0);
        geo::Problems problems;
        CHECK(load_keys(path, problems).has_value() == row.good);
        REQUIRE(problems.empty() == row.good);
        if (!row.good) CHECK(problems[0].text.find("chmod 640 " + path) != std::string::npos);
    }
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
    if (::geteuid() == 0) {
        REQUIRE(::chown(path.c_str(), 12345, 0) == 0);
        geo::Problems problems;
        CHECK(!load_keys(path, problems));
        CHECK(problems.at(0).text.find("chown") != std::string::npos);
    }
    geo::Problems problems;
    CHECK(!load_keys(folder.path("missing.key"), problems));
    CHECK(problems.size() == 1);
}

TEST_CASE(
    "a key file may begin with a byte order mark, and what keeps it from being read names it "
    "once") {
    const support::TemporaryFolder folder;
    const auto text = transfer::make_key_file(zones::Name::from_text("k", zones::Name{}).value());
    const auto told = [&](const std::string& path) {
        geo::Problems problems;
        const auto keys = load_keys(path, problems);
        CHECK(keys.has_value() == problems.empty());
        return problems.empty() ? std::string{} : geo::to_text(problems[0]).substr(path.size());
    };
    const auto write = [&](const std::string& octets) {
        const auto path = folder.write("some.key", octets);
        REQUIRE(::chmod(path.c_str(), 0600) == 0);
        return path;
    };
    CHECK(told(write("\xEF\xBB\xBF" + text)) == "");
    std::string wide = "\xFF\xFE";
    for (const char c : text) wide += {c, '\0'};
    CHECK(told(write(wide)) == ": expected UTF-8, found UTF-16");
    CHECK(told(write(std::string(100'000, ' '))) == ": larger than 65536 octets");
    const auto directory = folder.path("folder");
    REQUIRE(::mkdir(directory.c_str(), 0700) == 0);
    CHECK(told(directory) == ": not a file");
}

TEST_CASE("each new key file has another secret of 256 bits, and can be read") {
    std::set<std::vector<std::uint8_t>> secrets;
    for (int i = 0; i < 3; ++i) {
        geo::Problems problems;
        const auto keys = read_keys(make_key_file(name_of("isochrone.")), "new", problems);
        REQUIRE(keys);
        CHECK(keys->first().secret.size() == 32);
        secrets.insert(keys->first().secret);
    }
    CHECK(secrets.size() == 3);
}

TEST_CASE("base64 of all lengths comes back, and what is none is refused") {
    std::vector<std::uint8_t> octets;
    for (std::uint8_t i = 0; i < 50; ++i) {
        CHECK(read_base64(to_base64(octets)) == octets);
        octets.push_back(static_cast<std::uint8_t>(i * 37));
    }
    // RFC 4648 §10
    CHECK(to_base64(std::vector<std::uint8_t>{'f', 'o', 'o', 'b'}) == "Zm9vYg==");
    for (const char* bad :
         {"A", "AAA", "A===", "Zm9vYg=a", "Zm9v Yg=", "Zm9vYh==", "====", "AA=A"}) {
        CAPTURE(bad);
        CHECK(!read_base64(bad));
    }
}

}  // namespace tsig_keys_test
