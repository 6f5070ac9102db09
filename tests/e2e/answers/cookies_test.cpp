// SPDX-License-Identifier: Apache-2.0
// DNS cookies as dig sends and judges them, over reloads and several servers.

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/server_process.hpp"
#include "tests/support/temporary_folder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

#include <sys/stat.h>

namespace cookies_test {

using namespace e2e;

namespace {

constexpr const char* client_cookie = "2464c4abcf10c957";
constexpr const char* first_secret = "e5e973e5a6b2a43f48e7dc849e37bfcf\n";
constexpr const char* second_secret = "445536bcd2513298075a5d379663c962\n";

/// What dig prints of the cookie that comes back for `cookie`, in hexadecimal digits; it has to call
/// it good.
std::string cookie_for(const Endpoint& server, const std::string& cookie, Command words = {}) {
    words.insert(words.end(), {"one.test", "A", "+cookie=" + cookie});
    const auto output = run(dig(server, words)).output;
    constexpr std::string_view before = "; COOKIE: ";
    const auto begin = output.find(before);
    CAPTURE(output);
    REQUIRE(begin != std::string::npos);
    const auto line = output.substr(begin + before.size(), output.find('\n', begin) - begin);
    CHECK(line.find(" (good)") != std::string::npos);
    return line.substr(0, line.find(' '));
}

/// Two servers, each with its config, and what they share.
class Servers {
 public:
    Servers() { folder.write("zone.json", plain_zone("one.test")); }

    /// `members` of a config besides where it listens and what it serves.
    [[nodiscard]] Command config(const std::string& name, const std::string& members) const {
        return {"--config",
                folder.write(
                    name, R"({ "listen": "127.0.0.1:0", "zones": "zone.json", )" + members + " }"),
                "--state", folder.path(name + ".state")};
    }
    void write_secret(const std::string& name, const std::string& text) const {
        const auto path = folder.write(name, text);
        REQUIRE(::chmod(path.c_str(), 0600) == 0);
    }

    support::TemporaryFolder folder;
};

}  // namespace

TEST_CASE("dig gets a cookie with its answer, and its own back while it is young") {
    const Servers servers;
    const ServerProcess server{servers.config("a.json", R"("workers": 2)")};
    const auto& at = server.endpoint();
    const auto cookie = cookie_for(at, client_cookie);
    CHECK(cookie.size() == 48);
    CHECK(cookie.starts_with(client_cookie));
    CHECK(cookie_for(at, cookie) == cookie);
    CHECK(cookie_for(at, cookie, {"+tcp"}) == cookie);
    CHECK(cookie_for(at, std::string{client_cookie} + std::string(32, '0')).size() == 48);
    // Without +nocookie dig makes up its own.
    const auto unasked = run(dig(at, {"one.test", "SOA", "+cookie"})).output;
    CHECK(unasked.find("(good)") != std::string::npos);
    CHECK(unasked.find("status: NOERROR") != std::string::npos);
    // RFC 7873 §5.4: no question, and a cookie.
    const auto alone = run(dig(at, {"+header-only", "+cookie=" + cookie})).output;
    CHECK(alone.find("status: NOERROR") != std::string::npos);
    CHECK(alone.find("; COOKIE: " + cookie + " (good)") != std::string::npos);
    const auto broken = run(dig(at, {"one.test", "A", "+ednsopt=10:0102"})).output;
    CHECK(broken.find("status: FORMERR") != std::string::npos);

    const auto status =
        run(isochrone({"status", "--json", "--state", servers.folder.path("a.json.state")}));
    const auto queries = nlohmann::json::parse(status.output).at("queries");
    CHECK(queries.at("cookie_good") == 3);
    CHECK(queries.at("cookie_bad") == 1);
    CHECK(queries.at("cookie_new") == 2);
    CHECK(queries.at("cookie_none") == 1);
    const auto lines =
        run(isochrone({"status", "--state", servers.folder.path("a.json.state")})).output;
    CHECK(lines.find("cookie_good=3 cookie_bad=1 cookie_new=2 cookie_none=1") != std::string::npos);
}

TEST_CASE("servers with one secret take each other's cookies, those without do not") {
    const Servers servers;
    servers.write_secret("cookies", first_secret);
    const std::string shared = R"("cookies": { "secret": "cookies" })";
    const ServerProcess one{servers.config("one.json", shared)};
    const ServerProcess two{servers.config("two.json", shared)};
    const ServerProcess alone{servers.config("alone.json", R"("workers": 1)")};
    const auto cookie = cookie_for(one.endpoint(), client_cookie);
    CHECK(cookie_for(two.endpoint(), cookie) == cookie);
    CHECK(cookie_for(alone.endpoint(), cookie) != cookie);
}

TEST_CASE("the nodes of a zone take each other's cookies by the key that they share") {
    const Servers servers;
    for (const auto* name : {"share.key", "other.key"})
        servers.write_secret(name, run(isochrone({"key", "node-key"})).output);
    const auto node = [&](const std::string& edge, const std::string& key) {
        return servers.config(edge + ".json", R"("node": { "edge": ")" + edge +
                                                  R"(", "zone": "one.test", "key_file": ")" + key +
                                                  R"(" }, "measure": { "active": false })");
    };
    const ServerProcess newyork{node("newyork", "share.key")};
    const ServerProcess singapore{node("singapore", "share.key")};
    const ServerProcess stranger{node("frankfurt", "other.key")};
    const auto cookie = cookie_for(newyork.endpoint(), client_cookie);
    CHECK(cookie_for(singapore.endpoint(), cookie) == cookie);
    CHECK(cookie_for(stranger.endpoint(), cookie) != cookie);
}

TEST_CASE("a secret rolls over with reloads, and a faulty file changes nothing") {
    const Servers servers;
    servers.write_secret("cookies", first_secret);
    ServerProcess server{servers.config("a.json", R"("cookies": { "secret": "cookies" })")};
    const auto& at = server.endpoint();
    const auto old = cookie_for(at, client_cookie);
    servers.write_secret("cookies", std::string{second_secret} + first_secret);
    server.reload();
    const auto fresh = cookie_for(at, old);
    CHECK(fresh != old);
    CHECK(cookie_for(at, fresh) == fresh);
    servers.write_secret("cookies", "12345\n");
    CHECK(server.reload().find("with faults") != std::string::npos);
    CHECK(server.has_said("cookies:1: expected a secret of 32 hexadecimal digits"));
    CHECK(cookie_for(at, fresh) == fresh);
    // It is seen without a signal too, as zone files are.
    servers.write_secret("cookies", first_secret);
    server.wait_for("reloaded");
    CHECK(cookie_for(at, fresh) != fresh);
    CHECK(cookie_for(at, old) == old);
}

TEST_CASE("check reads the file of secrets") {
    const Servers servers;
    servers.write_secret("cookies", first_secret);
    auto words = servers.config("a.json", R"("cookies": { "secret": "cookies" })");
    words.resize(2);  // no state
    words.insert(words.begin(), "check");
    CHECK(run(isochrone(words)).status == 0);
    servers.write_secret("cookies", "no digits\n");
    const auto refused = run(isochrone(words));
    CHECK(refused.status == 1);
    CHECK(refused.errors.find("cookies:1") != std::string::npos);
}

TEST_CASE("a server with a faulty file of secrets starts only when told to go on") {
    const Servers servers;
    servers.write_secret("cookies", "");
    auto words = servers.config("a.json", R"("cookies": { "secret": "cookies" })");
    Command serve{"serve"};
    serve.insert(serve.end(), words.begin(), words.end());
    const auto refused = run(isochrone(serve));
    CHECK(refused.status == 1);
    CHECK(refused.errors.find("no secret stands here") != std::string::npos);
    words.push_back("--keep-going");
    const ServerProcess server{words};
    CHECK(cookie_for(server.endpoint(), client_cookie).size() == 48);
}

}  // namespace cookies_test
