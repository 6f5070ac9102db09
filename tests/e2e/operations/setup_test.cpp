// SPDX-License-Identifier: Apache-2.0
// `isochrone setup`: what it writes is taken by those who read it, and what is wrong writes nothing.

#include "tests/e2e/support/private_network.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/quoted_words.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include <unistd.h>

namespace setup_test {

using namespace e2e;
namespace fs = std::filesystem;
using support::contents;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const Command two_edges{"setup",  "plex.example.com",
                        "--edge", "newyork=192.0.2.10,2001:db8:1::10",
                        "--edge", "singapore=198.51.100.20"};

/// A folder in which a test sets up.
struct Desk {
    support::TemporaryFolder folder;
    std::string out = folder.path("out");

    [[nodiscard]] Finished set_up(Command words, const Command& more = {}) const {
        words.insert(words.end(), more.begin(), more.end());
        words.insert(words.end(), {"--out", out, "--yes"});
        return run(isochrone(words));
    }
    void set_up_well(const Command& more) const {
        const auto finished = set_up(two_edges, more);
        CAPTURE(finished.errors);
        REQUIRE(finished.status == 0);
        CHECK(contains(finished.output, "written; go on with " + out + "/DO-THIS.md"));
    }
    [[nodiscard]] bool untouched() const { return fs::is_empty(folder.path("")); }
};

/// A page's blocks of commands behind this line, one after the other.
std::string commands_behind(const std::string& page, const std::string& line) {
    std::string text;
    auto at = page.find("\n" + line + "\n");
    REQUIRE(at != std::string::npos);
    while ((at = page.find("\n```sh\n", at)) != std::string::npos) {
        const auto end = page.find("\n```\n", at + 7);
        text += page.substr(at + 7, end - at - 7) + "\n";
        at = end;
    }
    return text;
}

/// Programs that tests do not run: they only say that they were called.
std::string stand_ins(const support::TemporaryFolder& folder, const Command& names) {
    fs::create_directory(folder.path("bin"));
    for (const auto& name : names) {
        const auto path = folder.write("bin/" + name, "#!/bin/sh\necho \"${0##*/} $*\"\n");
        fs::permissions(path, fs::perms{0755});
    }
    fs::create_symlink(ISOCHRONE, folder.path("bin/isochrone"));
    return folder.path("bin");
}

void nginx_and_nftables_take_it() {
    for (const std::string program : {"nginx", "nft"}) {
        CAPTURE(program);
        REQUIRE(have_program(program));
    }
    const Desk desk;
    desk.set_up_well({"--home", "10.8.0.2:32400"});
    const auto config = desk.folder.write(
        "nginx.conf",
        "load_module /usr/lib/nginx/modules/ngx_stream_module.so;\npid nginx.pid;\n"
        "events {}\ninclude " +
            desk.out + "/newyork/relay.conf;\n");
    const auto nginx =
        run({"nginx", "-t", "-e", "stderr", "-p", desk.folder.path(""), "-c", config});
    CAPTURE(nginx.errors);
    CHECK(nginx.status == 0);

    const auto table = desk.folder.write("table",
                                         "table inet filter {\n chain input {\n  type filter hook "
                                         "input priority filter; policy drop;\n }\n}\n");
    REQUIRE(run({"nft", "-f", table}).status == 0);
    for (const std::string where : {"newyork", "home"}) {
        CAPTURE(where);
        const auto rules = run({"nft", "-f", desk.out + "/" + where + "/firewall.nft"});
        CAPTURE(rules.errors);
        CHECK(rules.status == 0);
    }
    const auto listed = run({"nft", "list", "chain", "inet", "filter", "input"}).output;
    for (const std::string rule :
         {"meta l4proto { tcp, udp } th dport 53 accept", "tcp dport 32400 accept",
          "udp dport 51820 accept", "icmp type echo-request accept",
          "iifname \"isochrone\" tcp dport 32400 accept"}) {
        CAPTURE(rule);
        CHECK(contains(listed, rule));
    }
}

void server_takes_it() {
    const Desk desk;
    desk.set_up_well({"--home", "10.8.0.2:32400"});
    const ServerProcess server{
        {"--config", desk.out + "/newyork/isochrone.json", "--state", desk.folder.path("state")}};
    CHECK(server.endpoint().address == "192.0.2.10");
    CHECK(contains(dig_short(server.endpoint(), {"plex.example.com", "NS"}),
                   "ns2.plex.example.com.\n"));
    // Nothing can be reached from here, and then answers go on as if all edges were up.
    CHECK(dig_short(server.endpoint(), {"plex.example.com", "A", "+subnet=49.36.0.0/16"}) ==
          "198.51.100.20\n");
}

}  // namespace

TEST_CASE("what setup writes passes check at each edge") {
    const struct {
        const char* name;
        Command more;
    } rows[] = {
        {"Plex through a tunnel", {"--home", "10.8.0.2:32400"}},
        {"Jellyfin without one", {"--home", "203.0.113.7:8096"}},
        {"any port, home by IPv6", {"--home", "[2001:db8:9::2]:9000"}},
        {"name servers outside", {"--home", "10.8.0.2:32400", "--nameservers-in", "example.com"}},
        {"a third edge at coordinates",
         {"--home", "10.8.0.2:32400", "--edge", "attic=203.0.113.30@50.11,8.68"}},
    };
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const Desk desk;
        desk.set_up_well(row.more);
        for (const std::string edge : {"newyork", "singapore"}) {
            const auto folder = desk.out + "/" + edge;
            const auto checked = run({ISOCHRONE, "--config", folder + "/isochrone.json", "check",
                                      folder + "/zones/plex.example.com.json"});
            CAPTURE(checked.errors);
            CHECK(checked.status == 0);
            CHECK(checked.errors.empty());
            CHECK(contains(checked.output, "plex.example.com. good: "));
        }
    }
}

TEST_CASE("a server starts with what setup wrote and answers for the zone") {
    in_private_network({"192.0.2.10/32", "2001:db8:1::10/128"}, server_takes_it);
}

TEST_CASE("nginx takes the relay and nftables the rules that setup wrote") {
    in_private_network({"192.0.2.10/32"}, nginx_and_nftables_take_it);
}

TEST_CASE("keys that setup made for WireGuard are what wg makes of them") {
    REQUIRE(have_program("wg"));
    const Desk desk;
    desk.set_up_well({"--home", "10.8.0.2:32400"});
    const auto public_of = [&](const std::string& where) {
        const auto path = desk.out + "/" + where + "/wireguard.conf";
        CHECK((fs::status(path).permissions() & fs::perms{077}) == fs::perms::none);
        const auto derived =
            run({"sh", "-c", "sed -n 's/^PrivateKey = //p' \"$0\" | wg pubkey", path});
        CHECK(derived.output.size() == 45);
        return "PublicKey = " + derived.output;
    };
    const auto home = contents(desk.out + "/home/wireguard.conf");
    for (const std::string edge : {"newyork", "singapore"}) {
        CHECK(contains(home, public_of(edge)));
        CHECK(contains(contents(desk.out + "/" + edge + "/wireguard.conf"), public_of("home")));
    }
    if (::geteuid() != 0) return;  // wg-quick would ask for a password
    const auto stripped = run({"wg-quick", "strip", desk.out + "/home/wireguard.conf"});
    CHECK(stripped.status == 0);
    CHECK(contains(stripped.output, "Endpoint = 198.51.100.20:51820"));
}

TEST_CASE("setup warns of what should be mended before the zone is delegated") {
    const Desk desk;
    const auto finished = desk.set_up(
        {"setup", "plex.example.com", "--edge", "newyork=9.9.9.9", "--home", "10.8.0.2:32400"});
    CHECK(finished.status == 0);
    CHECK(contains(finished.errors, "warning: missing: a second name server"));
    const Desk other;
    CHECK(contains(other.set_up(two_edges, {"--home", "10.8.0.2:32400"}).errors,
                   "warning: missing: your own addresses, instead of those for examples"));
}

TEST_CASE("setup overwrites nothing") {
    const Desk desk;
    desk.set_up_well({"--home", "10.8.0.2:32400"});
    const auto key = contents(desk.out + "/newyork/isochrone.key");
    const auto again = desk.set_up(two_edges, {"--home", "10.8.0.2:32400"});
    CHECK(again.status == 1);
    CHECK(contains(again.errors, desk.out + " exists already; nothing was written"));
    CHECK(contents(desk.out + "/newyork/isochrone.key") == key);
}

TEST_CASE("setup tells all that is wrong, asks nothing without a terminal, and writes nothing") {
    const struct {
        Command words;
        const char* says;
    } rows[] = {
        {{"setup"}, "ZONE is missing"},
        {{"setup", "plex.example.com"}, "--edge is missing; each VM is one"},
        {two_edges, "--home is missing"},
        {{"setup", "example.com", "--edge", "newyork=9.9.9.9", "--home", "10.8.0.2:32400"},
         "--whole-domain"},
        {{"setup", "plex.example.com", "--edge", "newyork=10.0.0.1", "--home", "10.8.0.2:32400"},
         "--edge: 10.0.0.1 is a private address"},
        {{"setup", "plex.example.com", "--edge", "london=9.9.9.9", "--home", "10.8.0.2:32400"},
         "where is london? \"london\" may be \"London, ON, CA\", \"London, GB\""},
        {{"setup", "plex.example.com", "--edge", "fra1=9.9.9.9", "--home", "10.8.0.2:32400"},
         "say it in the flag: --edge 'fra1=9.9.9.9@CITY, COUNTRY'"},
        {{"setup", "plex.example.com", "--edge", "newyork=9.9.9.9", "--edge", "newyork=8.8.8.8",
          "--home", "10.8.0.2:32400"},
         "two edges are called \"newyork\""},
        {{"setup", "plex.example.com", "--edge", "newyork=9.9.9.9", "--home", "plex.lan"},
         "--home: \"plex.lan\" is not where home can be found"},
        {{"setup", "plex.example.com", "--edge", "newyork=9.9.9.9", "--home", "192.168.1.5:32400"},
         "add --no-wireguard"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.says);
        const Desk desk;
        const auto finished = desk.set_up(row.words);
        CAPTURE(finished.errors);
        CHECK(finished.status == 1);
        CHECK(contains(finished.errors, row.says));
        CHECK(contains(finished.errors, "nothing was written"));
        CHECK(finished.output.empty());
        CHECK(desk.untouched());
    }
    const auto both = Desk{}.set_up({"setup", "example.com", "--edge", "newyork=x", "--home", "y"});
    for (const std::string what :
         {"whole domain", "--edge: \"x\" is no address", "--home: \"y\""}) {
        CAPTURE(what);
        CHECK(contains(both.errors, what));
    }
}

TEST_CASE("at a terminal setup asks for what is missing until it can read it") {
    REQUIRE(have_program("script"));
    const Desk desk;
    const auto command = std::string{ISOCHRONE} + " setup --out " + desk.out;
    const std::string answers =
        "example.com\\nplex.example.com\\nnewyork=nowhere\\nnewyork=192.0.2.10\\nfra1=203.0.113."
        "30\\n"
        "Frankfurt\\n\\n10.8.0.2\\n10.8.0.2:32400\\n";
    const auto finished =
        run({"sh", "-c", "printf '" + answers + "' | script -qec '" + command + "' /dev/null"});
    CAPTURE(finished.output);
    CHECK(finished.status == 0);
    CHECK(contains(finished.output, "The city of fra1: "));
    const auto zone = contents(desk.out + "/fra1/zones/plex.example.com.json");
    CHECK(contains(zone, "\"location\": \"Frankfurt, DE\""));
    CHECK(contains(zone, "\"location\": \"New York, NY, US\""));
}

TEST_CASE("the commands of the guide for setup run as they stand") {
    const Desk desk;
    const auto bin = stand_ins(desk.folder, {"scp", "ssh", "curl"});
    const auto guide = contents(PROJECT_FOLDER "/docs/setup.md");
    const auto script = "set -eu\nPATH=\"" + bin + ":$PATH\"\ncd \"" + desk.folder.path("") +
                        "\"\n" + commands_behind(guide, "## The files");
    const auto finished = run({"sh", "-c", script});
    CAPTURE(script);
    CAPTURE(finished.errors);
    CHECK(finished.status == 0);
    CHECK(fs::exists(desk.folder.path("plex.example.com/DO-THIS.md")));
    const auto shown = guide.find("```console\nnewyork  ");
    REQUIRE(shown != std::string::npos);
    CHECK(contains(finished.output,
                   guide.substr(shown + 11, guide.find("```", shown + 11) - shown - 11)));
    // The page that it shows in part is the one that comes of it.
    const auto page = contents(desk.folder.path("plex.example.com/DO-THIS.md"));
    CHECK(contains(guide, "| `plex.example.com` | NS | `ns1.plex.example.com` | 300 |"));
    CHECK(contains(page, "| `plex.example.com` | NS | `ns1.plex.example.com` | 300 |"));
}

}  // namespace setup_test
