// SPDX-License-Identifier: Apache-2.0
// `check` says "good" of nothing that `serve` does not do then.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace check_test {

using namespace e2e;

namespace {

namespace fs = std::filesystem;

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// An installation in a folder: settings, zones, a key, databases, a state folder.
class Installation {
 public:
    Installation() {
        fs::permissions(folder.path(""), fs::perms{0755});
        for (const auto* name : {"zones", "state"}) fs::create_directory(folder.path(name));
        folder.write("zones/a.json", R"({"zone": "one.test", "nameservers": {"ns1": "127.0.0.1"},
            "edges": {"newyork": {"addresses": "192.0.2.1"}, "frankfurt": {"addresses": "192.0.2.2"}},
            "records": {"@": {"steer": {"all": ["newyork", "frankfurt"]}}}})");
        folder.write("places.csv",
                     "prefix,latitude,longitude,country,asn\n192.0.2.0/24,1,2,DE,3\n");
        folder.write("node.key", run(isochrone({"key"})).output);
        REQUIRE(::chmod(folder.path("node.key").c_str(), 0640) == 0);
        settings(R"("node": {"edge": "newyork", "zone": "one.test", "key_file": "node.key"})");
    }
    /// "zones" and "state" are there, and these.
    void settings(const std::string& members, const std::string& listen = "127.0.0.1:0") const {
        folder.write("isochrone.json", R"({"listen": [")" + listen +
                                           R"("], "zones": "zones", "state": "state", )" + members +
                                           "}");
    }
    [[nodiscard]] Finished check(Command words = {}, const Command& before = {}) const {
        auto command = before;
        command.insert(command.end(),
                       {ISOCHRONE, "--config", folder.path("isochrone.json"), "check"});
        command.insert(command.end(), words.begin(), words.end());
        return run(command);
    }

    support::TemporaryFolder folder;
};

void set_mode(const std::string& path, mode_t mode, uid_t user = 0, gid_t group = 0) {
    REQUIRE(::chown(path.c_str(), user, group) == 0);
    REQUIRE(::chmod(path.c_str(), mode) == 0);
}

bool is_root() {
    if (::geteuid() == 0) return true;
    MESSAGE("skipped: this test is for root");
    return false;
}

}  // namespace

TEST_CASE("check is content with an installation that serve is content with") {
    const Installation installed;
    const auto finished = installed.check();
    CHECK(finished.status == 0);
    CHECK(finished.errors == "");
    CHECK(contains(finished.output, "one.test. good:"));
}

TEST_CASE("a node whose edge, zone or peers are not in the zones is a fault") {
    const Installation installed;
    const struct {
        const char* name;
        std::string node;
        const char* says;
    } rows[] = {
        {"the edge", R"("edge": "newyrok", "zone": "one.test")",
         "has no edge \"newyrok\"; did you mean \"newyork\"?"},
        {"the zone", R"("edge": "newyork", "zone": "two.test")",
         "the zone two.test. is not among those served"},
        {"a zone above it", R"("edge": "newyork", "zone": "www.one.test")",
         "the zone www.one.test. is not among those served"},
        {"a peer",
         R"("edge": "newyork", "zone": "one.test", "peers": {"frankfrut": "192.0.2.9:53"})",
         "no other edge \"frankfrut\""},
        {"itself as a peer",
         R"("edge": "newyork", "zone": "one.test", "peers": {"newyork": "192.0.2.9:53"})",
         "no other edge \"newyork\""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        installed.settings(R"("node": {"key_file": "node.key", )" + row.node + "}");
        const auto finished = installed.check();
        CHECK(finished.status == 1);
        CHECK(contains(finished.errors, row.says));
    }
    // One file of several says nothing of the zone that is in another.
    installed.settings(
        R"("node": {"key_file": "node.key", "edge": "newyork", "zone": "two.test"})");
    const auto some = installed.check({installed.folder.path("zones/a.json")});
    CHECK(some.status == 0);
    CHECK(contains(some.errors, "the zone two.test. is not among those served"));
}

TEST_CASE(
    "what the server's user may not read or write is a fault that names who, what and where") {
    if (!is_root()) return;
    const Installation installed;
    const auto path = [&](const char* name) { return installed.folder.path(name); };
    installed.settings(R"("user": "nobody", "places": "places.csv",
        "node": {"edge": "newyork", "zone": "one.test", "key_file": "node.key"})");
    set_mode(path("state"), 0700, 65534);
    set_mode(path("node.key"), 0640, 0, 65534);
    REQUIRE(installed.check().errors == "");

    std::string denied;  // whose path stands before the text, and there alone
    std::string refused;
    SUBCASE("the zone file") {
        set_mode(path("zones/a.json"), 0600);
        refused = "read it (root:root, 0600)";
        denied = path("zones/a.json");
    }
    SUBCASE("the folder of zones may not be entered") {
        set_mode(path("zones"), 0700);
        refused = "enter the folder " + path("zones") + " (root:root, 0700)";
    }
    SUBCASE("a folder above all") {
        set_mode(path(""), 0710);
        refused = "enter the folder " + fs::path{path("")}.parent_path().string();
    }
    SUBCASE("the target of a link") {
        fs::create_directory(path("private"));
        fs::rename(path("zones/a.json"), path("private/a.json"));
        fs::create_symlink("../private/a.json", path("zones/a.json"));
        set_mode(path("private"), 0700);
        refused = "enter the folder " + path("zones") + "/../private (root:root, 0700)";
    }
    SUBCASE("places") {
        set_mode(path("places.csv"), 0640);
        refused = "read it (root:root, 0640)";
        denied = path("places.csv");
    }
    SUBCASE("the key") {
        set_mode(path("node.key"), 0600);
        refused = "read it (root:root, 0600)";
        denied = path("node.key");
    }
    SUBCASE("the state folder") {
        set_mode(path("state"), 0755);
        refused = "write to it (root:root, 0755)";
        denied = path("state");
    }
    CAPTURE(refused);
    const auto finished = installed.check();
    CHECK(finished.status == 1);
    CHECK(contains(finished.errors, "user \"nobody\" may not " + refused));
    std::size_t count = 0;
    for (auto at = finished.errors.find(denied); !denied.empty() && at != std::string::npos;
         at = finished.errors.find(denied, at + 1))
        ++count;
    CHECK(count == (denied.empty() ? 0 : 1));
    CHECK(installed.check({"--user", "root"}).status == 0);
}

TEST_CASE("rights by a supplementary group count") {
    if (!is_root()) return;
    const Installation installed;
    installed.settings(R"("places": "places.csv")");
    set_mode(installed.folder.path("state"), 0777);
    // A group of this test alone, in a mount namespace of its own.
    std::ifstream system{"/etc/group"};
    std::ostringstream groups;
    groups << system.rdbuf() << "isochrone-test:x:47119:nobody\n";
    const auto file = installed.folder.write("group", groups.str());
    set_mode(installed.folder.path("places.csv"), 0640, 0, 47119);
    const Command there{
        "unshare", "-m", "sh", "-c", "mount --bind " + file + R"( /etc/group && exec "$@")", "sh"};
    CHECK(installed.check({"--user", "nobody"}, there).status == 0);
    CHECK(installed.check({"--user", "daemon"}, there).status == 1);
    CHECK(installed.check({"--user", "nobody"}).status == 1);
}

TEST_CASE("a user that there is not is a fault, and who is not root learns what is not checked") {
    const Installation installed;
    const auto none = installed.check({"--user", "no-such-user"});
    CHECK(none.status == 1);
    CHECK(contains(none.errors, "no user \"no-such-user\""));
    if (!is_root()) return;
    set_mode(installed.folder.path("node.key"), 0640, 65534, 65534);
    set_mode(installed.folder.path("state"), 0777);
    const auto other = installed.check(
        {"--user", "daemon"}, {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"});
    CHECK(other.status == 0);
    CHECK(contains(other.errors, "only root can become that user"));
    set_mode(installed.folder.path("state"), 0700, 1, 1);
    set_mode(installed.folder.path("node.key"), 0640);
    const auto root = installed.check();
    CHECK(root.status == 0);
    CHECK(contains(root.errors,
                   "belongs to daemon, and this was checked as root: \"check --user daemon\""));
}

TEST_CASE(
    "addresses that are not there or in use, and programs that are not there, are warned of") {
    const Installation installed;
    const std::string members = R"("workers": 1)";
    installed.settings(members, "192.0.2.77:5300");
    auto finished = installed.check();
    CHECK(finished.status == 0);
    CHECK(contains(finished.errors, "192.0.2.77:5300"));
    CHECK(contains(finished.errors, "no interface of this machine has the address"));

    Endpoint taken{"127.0.0.1", 0};
    const auto other = bound_socket(SOCK_DGRAM, taken);
    installed.settings(members, to_text(taken));
    finished = installed.check();
    CHECK(finished.status == 0);
    CHECK(contains(finished.errors, to_text(taken) + "/udp is in use"));

    const auto twice = to_text(free_endpoint("127.7.4.1"));
    for (const auto& second : {twice, "0.0.0.0" + twice.substr(twice.find(':'))}) {
        CAPTURE(second);
        installed.settings(members, twice + "\", \"" + second);
        finished = installed.check();
        CHECK(finished.status == 1);
        CHECK(contains(finished.errors, second + ": another address of \"listen\" is in its way"));
    }

    installed.settings(members, R"(127.0.0.1:0", "2001:db8:3::30:53)");
    finished = installed.check();
    CHECK(finished.status == 1);
    CHECK(contains(finished.errors, "[2001:db8:3::30]:53"));

    installed.settings(members);
    installed.folder.write("zones/b.json",
                           R"({"zone": "two.test", "nameservers": {"ns1": "127.0.0.1"},
        "edges": {"a": {"addresses": "192.0.2.1", "check": {"command": ["/opt/no/such/program"]}}},
        "records": {"@": {"steer": {"all": ["a"]}}}})");
    finished = installed.check();
    CHECK(finished.status == 0);
    CHECK(contains(finished.errors,
                   "two.test/a: warning: /opt/no/such/program cannot be started: No such file"));
}

TEST_CASE("an address that the server has, which runs, is not in its own way") {
    const Installation installed;
    const ServerProcess server{
        {"--state", installed.folder.path("state"), installed.folder.path("zones")}};
    installed.settings(R"("workers": 1)", to_text(server.endpoint()));
    const auto finished = installed.check();
    CHECK(finished.status == 0);
    CHECK(finished.errors == "");
}

TEST_CASE("a state folder that cannot be made is told, where files of this machine are checked") {
    const Installation installed;
    installed.folder.write("isochrone.json",
                           R"({"zones": "zones", "listen": "127.0.0.1:0", "state": "no/such"})");
    auto finished = installed.check();
    CHECK(finished.status == 0);
    CHECK(contains(finished.errors, "states are not kept, and no commands taken"));
    finished = installed.check({installed.folder.path("zones/a.json")});
    CHECK(finished.errors == "");
    installed.folder.write("isochrone.json",
                           R"({"zones": "zones", "listen": "127.0.0.1:0", "state": "places.csv"})");
    CHECK(contains(installed.check().errors, "not a folder"));
}

}  // namespace check_test
