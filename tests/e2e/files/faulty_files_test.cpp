// SPDX-License-Identifier: Apache-2.0
// Zone files with faults: `check` and the log tell where, and nothing else is harmed.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace faulty_files_test {

using namespace e2e;

namespace {

namespace fs = std::filesystem;

struct FaultyFile {
    std::string name;
    std::string text;
};

std::vector<FaultyFile> own_files() {
    const std::string servers = R"("nameservers": {"ns1": ["192.0.2.1"]})";
    const std::string nul(1, '\0');
    std::vector<FaultyFile> files;
    const auto add = [&](const char* name, std::string text) {
        files.push_back({name, std::move(text)});
    };
    add("empty.json", "");
    add("blank.json", "\n\n\n");
    add("list.json", "[]");
    add("cut-short.json", R"({"zone": "bad.test", "nameservers": {"ns1": ["192.0.2)");
    add("unknown-key.json", R"({"zone": "bad.test", "nameserver": {}, "records": {}})");
    add("no-zone.json", "{" + servers + R"(, "records": {}})");
    add("twice.json", R"({"zone": "bad.test", "zone": "worse.test", "records": {}})");
    add("address.json", R"({"zone": "bad.test", "nameservers": {"ns1": ["192.0.2.256"]}})");
    add("not-utf-8.json", R"({"zone": "b)"
                          "\xFF"
                          R"(d.test"})");
    add("nul.json", R"({"zone": "bad.test)" + nul + "\"}");
    add("outside.json", R"({"zone": "bad.test", )" + servers +
                            R"(, "records": {"a.good.test.": {"A": "192.0.2.1"}}})");
    add("deep.json", std::string(100'000, '['));
    return files;
}

/// Those above, and all files in the folders of faulty zones among the test data.
std::vector<FaultyFile> faulty_files() {
    auto files = own_files();
    std::error_code none;
    for (const auto& folder : fs::directory_iterator{TEST_DATA "/zones", none}) {
        const auto folder_name = folder.path().filename().string();
        if (!folder_name.starts_with("bad")) continue;
        for (const auto& entry : fs::directory_iterator{folder}) {
            if (entry.path().extension() != ".json") continue;
            std::ifstream file{entry.path(), std::ios::binary};
            files.push_back({folder_name + "-" + entry.path().filename().string(),
                             {std::istreambuf_iterator<char>{file}, {}}});
        }
    }
    return files;
}

/// Behind digits and the colon that follows them; nothing when they are not there.
std::size_t behind_number(const std::string& text, std::size_t at) {
    const auto end = text.find_first_not_of("0123456789", at);
    return end > at && end < text.size() && text[end] == ':' ? end + 1 : std::string::npos;
}

/// Whether some line begins with the file, a line and a column.
bool names_place(const std::string& text, const std::string& file) {
    for (auto at = text.find(file); at != std::string::npos; at = text.find(file, at + 1)) {
        const auto line = behind_number(text, at + file.size() + 1);
        if (line != std::string::npos && behind_number(text, line) != std::string::npos)
            return true;
    }
    return false;
}

}  // namespace

TEST_CASE("check finds the fault in every faulty file and says its line and column") {
    const support::TemporaryFolder folder;
    for (const auto& [name, text] : faulty_files()) {
        CAPTURE(name);
        const auto path = folder.write(name, text);
        const auto finished = run(isochrone({"check", path}));
        CAPTURE(finished.errors);
        CHECK(finished.status == 1);
        CHECK(finished.output.empty());
        CHECK(names_place(finished.errors, path));
    }
}

TEST_CASE("serve does not start with any faulty file and says where the fault is") {
    for (const auto& [name, text] : faulty_files()) {
        CAPTURE(name);
        const support::TemporaryFolder folder;
        folder.write("good.json", plain_zone("good.test"));
        const auto path = folder.write(name, text);
        const auto finished = run(isochrone({"serve", "--listen", "127.0.0.1:0", folder.path("")}));
        CAPTURE(finished.errors);
        CHECK(finished.status == 1);
        CHECK(names_place(finished.errors, path));
        CHECK(finished.errors.find("not started; --keep-going serves what is good") !=
              std::string::npos);
    }
}

TEST_CASE("serve --keep-going serves the good files beside all faulty ones") {
    const support::TemporaryFolder folder;
    folder.write("good.json", plain_zone("good.test"));
    folder.write("zzz.json", plain_zone("better.test"));
    for (const auto& [name, text] : faulty_files()) folder.write(name, text);
    const ServerProcess server{{"--keep-going", folder.path("")}};
    CHECK(server.has_said("serves 2 zones"));
    for (const auto& [name, text] : faulty_files()) {
        CAPTURE(name);
        CHECK(names_place(server.errors(), folder.path(name)));
    }
    const UdpClient client{server.endpoint()};
    CHECK(client.ask({.name = "good.test"}).rcode == "NOERROR");
    CHECK(client.ask({.name = "better.test"}).rcode == "NOERROR");
    CHECK(client.ask({.name = "bad.test"}).rcode == "REFUSED");
}

TEST_CASE("a file that is not there and one that may not be read are faults") {
    const support::TemporaryFolder folder;
    for (const std::string command : {"check", "serve"}) {
        CAPTURE(command);
        Command line{command, folder.path("none.json")};
        if (line.front() == "serve") line.insert(line.end(), {"--listen", "127.0.0.1:0"});
        const auto finished = run(isochrone(line));
        CHECK(finished.status == 1);
        CHECK(finished.errors.find(folder.path("none.json")) != std::string::npos);
    }
}

TEST_CASE("nothing in a file or in its name commands the terminal or forges a line of the log") {
    const support::TemporaryFolder folder;
    folder.write("good.json", plain_zone("good.test"));
    const std::string bad =
        "bad.test. 60 SOA a b 1 2 3 4 5\n\x1B[31m 60 A \x9B\x07\n$INCLUDE \x1B]0;x\n";
    const auto path = folder.write("b\x1B[2Jad\n.zone", bad);
    const auto clean = [](const std::string& text) {
        return std::ranges::all_of(text, [](char c) {
            const auto octet = static_cast<unsigned char>(c);
            return c == '\n' || (octet >= ' ' && octet < 0x7F);
        });
    };
    for (const std::string command : {"check", "import"}) {
        CAPTURE(command);
        const auto finished = run(isochrone({command, path}));
        CHECK(finished.status == 1);
        CHECK(finished.errors.find("b\\u001b[2Jad\\n.zone:2: ") != std::string::npos);
        CHECK(clean(finished.errors));
        CHECK(clean(finished.output));
    }
    const ServerProcess server{{"--keep-going", folder.path("")}};
    CHECK(server.errors().find("b\\u001b[2Jad\\n.zone:2: ") != std::string::npos);
    CHECK(clean(server.errors()));
}

TEST_CASE("one zone in two files is a fault that names both") {
    const support::TemporaryFolder folder;
    const auto first = folder.write("a.json", plain_zone("one.test"));
    const auto second = folder.write("b.json", plain_zone("ONE.test"));
    const auto finished = run(isochrone({"check", folder.path("")}));
    CHECK(finished.status == 1);
    CHECK(finished.errors.find(second) != std::string::npos);
    CHECK(finished.errors.find("is in " + first + " already") != std::string::npos);
}

}  // namespace faulty_files_test
