// SPDX-License-Identifier: Apache-2.0
#include "dnsd/config/config.hpp"

#include "dnsd/config/settings_object.hpp"
#include "zones/file/edge_reader.hpp"
#include "zones/json/duration.hpp"
#include "zones/json/json.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace control {
namespace {

using zones::Json;

/// Knows what each key of a config file means; each has one place here.
class ConfigReader {
 public:
    ConfigReader(const Json& root, std::string folder) : root_{root}, folder_{std::move(folder)} {}

    Config read() {
        const auto root = SettingsObject::read(
            root_, "an object of settings",
            {"$schema",     "listen", "loopback", "zones",   "databases",   "places",    "workers",
             "pin_workers", "user",   "identity", "allow",   "udp_payload", "tcp",       "state",
             "relay",       "node",   "latency",  "measure", "cookies",     "rate_limit"});
        if (!root) return config_;
        if (const auto listen = root_.find("listen")) read_listen(*listen);
        const auto loopback = root_.find("loopback");
        if (loopback) config_.loopback = read_switch(*loopback).value_or(true);
        if (const auto zones = root_.find("zones")) config_.zones = read_paths(*zones);
        if (const auto files = root_.find("databases"))
            config_.sources.databases = read_paths(*files);
        read_path("places", config_.sources.places);
        read_path("state", config_.state);
        root->read_number("workers", 1, 256, config_.workers);
        const auto user = root_.find("user");
        if (user) config_.user = user->string("the name of a user").value_or("");
        const auto pinned = root_.find("pin_workers");
        if (pinned) config_.pinned = read_switch(*pinned).value_or(false);
        root->read_number("udp_payload", 512, 4096, config_.udp_payload);
        if (const auto identity = root_.find("identity")) {
            const auto text = identity->string("a name of at most 64 octets");
            if (text && text->size() > 64) identity->expected("a name of at most 64 octets");
            config_.identity = text.value_or("");
        }
        if (const auto allow = root_.find("allow")) read_allow(*allow);
        if (const auto tcp = root_.find("tcp")) read_tcp(*tcp);
        if (const auto relay = root_.find("relay")) read_relay(*relay);
        if (const auto node = root_.find("node")) read_node(*node);
        if (const auto latency = root_.find("latency")) read_latency(*latency);
        if (const auto limit = root_.find("rate_limit")) read_rate_limit(*limit);
        if (const auto cookies = root_.find("cookies")) read_cookies(*cookies);
        const auto measure = root_.find("measure");
        if (measure) read_measure(*measure);
        // Whoever has neither viewers, landmarks nor other nodes has nothing to measure, and sends nothing.
        config_.measure.active =
            may_measure_.value_or(!config_.relay.ports.empty() || config_.node.has_value() ||
                                  !config_.measure.landmarks.empty());
        return config_;
    }

 private:
    [[nodiscard]] std::string resolved(std::string_view path) const {
        return (std::filesystem::path{folder_} / path).string();
    }

    void read_path(std::string_view key, std::string& to) {
        const auto value = root_.find(key);
        const auto path = value ? value->string("a path") : std::nullopt;
        if (path) to = resolved(*path);
    }

    std::vector<std::string> read_paths(const Json& list) {
        std::vector<std::string> paths;
        for (const auto& item : list.one_or_more()) {
            if (const auto path = item.string("a path")) paths.push_back(resolved(*path));
        }
        return paths;
    }

    void read_listen(const Json& list) {
        for (const auto& item : list.one_or_more()) {
            if (const auto endpoint = read_endpoint(item)) config_.listen.push_back(*endpoint);
        }
    }

    void read_allow(const Json& value) {
        const auto allow = SettingsObject::read(value, "an object of lists of prefixes",
                                                {"identity", "dashboard"});
        if (!allow) return;
        allow->read_prefixes("identity", config_.may_identify);
        allow->read_prefixes("dashboard", config_.observers);
        config_.own_may_identify = !allow->find("identity");
        config_.own_may_observe = !allow->find("dashboard");
    }

    void read_tcp(const Json& value) {
        const auto tcp = SettingsObject::read(
            value, "an object with \"connections\", \"of_network\" and \"idle\"",
            {"connections", "of_network", "idle"});
        if (!tcp) return;
        tcp->read_number("connections", 1, 1'000'000, config_.tcp.connections);
        tcp->read_number("of_network", 1, 1'000'000, config_.tcp.of_network);
        const auto idle = tcp->find("idle");
        const auto seconds = idle ? zones::read_seconds(*idle) : std::nullopt;
        if (!seconds) return;
        if (*seconds >= 1 && *seconds <= 3600) {
            config_.tcp.idle = std::chrono::seconds{*seconds};
        } else {
            idle->expected("a time from 1s to 1h");
        }
    }

    void read_relay(const Json& value) {
        const auto relay =
            SettingsObject::read(value, "an object with \"ports\", \"interval\" and \"home\"",
                                 {"ports", "interval", "home"});
        if (!relay) return;
        if (const auto home = relay->find("home")) read_home(*home);
        const auto ports = relay->find("ports");
        if (!ports) return relay->fault("\"ports\" is missing: those that the relay listens on");
        for (const auto& item : ports->one_or_more()) {
            const auto port = item.integer(1, 65535, "a port from 1 to 65535");
            if (port) config_.relay.ports.push_back(static_cast<std::uint16_t>(*port));
        }
        using namespace std::chrono_literals;
        relay->read_time("interval", 1s, 1h, "a time from 1s to 1h", config_.relay.interval);
    }

    void read_latency(const Json& value) {
        const auto latency = SettingsObject::read(
            value, "an object with \"interval\", \"window\", \"half_life\", \"moves\"",
            {"interval", "window", "half_life", "rebase", "moves"});
        if (!latency) return;
        using namespace std::chrono_literals;
        auto& rules = config_.steering;
        latency->read_time("interval", 1s, 5min, "a time from 1s to 5m", rules.interval);
        latency->read_time("window", 1s, 24h, "a time from 1s to 24h", config_.relay.window);
        config_.measure.window = config_.relay.window;
        latency->read_time("rebase", 1s, 24h * 7, "a time from 1s to 7d", rules.rebase);
        std::chrono::milliseconds half_life{
            static_cast<std::int64_t>(1000 * rules.latency.tuning.half_life_s)};
        latency->read_time("half_life", 1s, 24h * 30, "a time from 1s to 30d", half_life);
        rules.latency.tuning.half_life_s = std::chrono::duration<double>{half_life}.count();
        const auto moves = latency->find("moves");
        if (!moves) return;
        const auto percent = moves->integer(1, 100, "percent of the networks, from 1 to 100");
        rules.moves_per_minute = static_cast<double>(percent.value_or(5)) / 100;
    }

    void read_node(const Json& value) {
        const auto node =
            SettingsObject::read(value, "an object with \"edge\", \"zone\" and \"key_file\"",
                                 {"edge", "zone", "key_file", "peers", "expire"});
        if (!node) return;
        auto& settings = config_.node.emplace();
        settings.edge = node->required("edge", "that of the zone at which this server stands");
        settings.key_file = node->required("key_file", "`isochrone key` prints one");
        if (!settings.key_file.empty()) settings.key_file = resolved(settings.key_file);
        const auto zone = node->required("zone", "the one whose edges share what they measure");
        const auto name = zones::Name::from_text(zone, zones::Name{});
        if (name) settings.zone = *name;
        if (!name && !zone.empty()) node->find("zone")->expected("the name of a zone");
        if (const auto peers = node->find("peers")) read_peers(*peers);
        const auto expire = node->find("expire");
        if (!expire) return;
        using namespace std::chrono_literals;
        const auto time =
            zones::read_milliseconds(*expire, 2s, 24h, "a time from 2s to 24h").value_or(10min);
        settings.expire = std::chrono::duration_cast<std::chrono::seconds>(time);
    }

    void read_rate_limit(const Json& value) {
        const auto limit = SettingsObject::read(
            value, "an object with \"per_second\", \"errors_per_second\", \"slip\"",
            {"per_second", "errors_per_second", "all_errors_per_second", "slip", "exempt"});
        if (!limit) return;
        auto& settings = config_.rate_limit;
        limit->read_number("per_second", 0, 1'000'000, settings.per_second);
        limit->read_number("errors_per_second", 0, 1'000'000, settings.errors_per_second);
        limit->read_number("all_errors_per_second", 0, 1'000'000, settings.all_errors_per_second);
        limit->read_number("slip", 0, 10, settings.slip);
        limit->read_prefixes("exempt", settings.exempt);
    }

    void read_cookies(const Json& value) {
        const auto cookies = SettingsObject::read(value, "an object with \"secret\"", {"secret"});
        if (!cookies) return;
        const auto file = cookies->required("secret", "a file of 32 hexadecimal digits");
        if (!file.empty()) config_.cookie_secrets = resolved(file);
    }

    void read_peers(const Json& peers) {
        if (!peers.object("an object of ADDRESS:PORT by edge")) return;
        for (const auto& [edge, value] : peers.members()) {
            if (const auto at = read_endpoint(value)) config_.node->peers.emplace(edge, *at);
        }
    }

    void read_home(const Json& value) {
        const auto text = value.string("ADDRESS:PORT");
        if (!text) return;
        const auto home = net::read_endpoint(*text);
        if (!home && geo::read_address(*text)) return value.fault(home.error().text);
        const auto has_port = text->starts_with('[') ? text->find("]:") : text->rfind(':');
        const bool bare = home && home->address.family == geo::Family::V6 && text->front() != '[';
        if (home && has_port != text->npos && !bare && home->port != 0) {
            config_.relay.home = *home;
        } else {
            value.expected("ADDRESS:PORT, where the relay's connections lead to");
        }
    }

    void read_measure(const Json& value) {
        const auto measure = SettingsObject::read(
            value, "an object with \"active\" and \"landmarks\"",
            {"active", "per_second", "per_network_per_hour", "refresh", "landmarks"});
        if (!measure) return;
        using namespace std::chrono_literals;
        measure->read_time("refresh", 1s, 24h, "a time from 1s to 24h", config_.measure.refresh);
        const auto active = measure->find("active");
        if (active) may_measure_ = read_switch(*active);
        auto& limits = config_.measure.limits;
        measure->read_number("per_second", 1, 1000, limits.per_second);
        measure->read_number("per_network_per_hour", 1, 60, limits.per_network_per_hour);
        const auto landmarks = measure->find("landmarks");
        if (!landmarks) return;
        if (!landmarks->is(Json::Kind::Array)) return landmarks->expected("a list of landmarks");
        for (const auto& item : landmarks->items()) read_landmark(item);
    }

    void read_landmark(const Json& item) {
        if (!item.object("an object with \"name\", \"address\" and \"location\"")) return;
        item.allow_keys({"name", "address", "location"});
        for (const auto* key : {"name", "address", "location"}) {
            if (!item.find(key)) return item.fault("\"" + std::string{key} + "\" is missing");
        }
        const auto name = read_landmark_name(*item.find("name"));
        const auto address = read_landmark_address(*item.find("address"));
        const auto site = zones::read_site(*item.find("location"));
        if (!name || !address || !site) return;
        config_.measure.landmarks.push_back(
            {.name = *name, .address = *address, .place = site->at.value_or(geo::Coordinates{})});
    }

    /// It becomes a label of a name in DNS.
    std::optional<std::string> read_landmark_name(const Json& value) {
        constexpr std::string_view wanted = "a name of a-z, 0-9 and \"-\", at most 63";
        const auto text = value.string(wanted);
        if (!text) return std::nullopt;
        if (text->empty() || text->size() > 63 ||
            text->find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") != text->npos) {
            value.expected(wanted);
            return std::nullopt;
        }
        if (std::ranges::count(config_.measure.landmarks, *text, &Landmark::name) > 0) {
            value.fault("the landmark \"" + std::string{*text} + "\" stands here twice");
            return std::nullopt;
        }
        return std::string{*text};
    }

    static std::optional<geo::Address> read_landmark_address(const Json& value) {
        constexpr std::string_view wanted = "an IP address of the internet";
        const auto text = value.string(wanted);
        const auto address = text ? geo::read_address(*text) : std::nullopt;
        if (address && geo::routable(*address)) return address;
        if (text) value.expected(wanted);
        return std::nullopt;
    }

    Json root_;
    std::string folder_;
    std::optional<bool> may_measure_;
    Config config_ = default_config();
};

}  // namespace

Config default_config() {
    Config config;
    config.may_identify = {*geo::read_prefix("127.0.0.0/8"), *geo::read_prefix("::1/128")};
    config.observers = config.may_identify;
    config.rate_limit.exempt = config.may_identify;
    config.state = default_state_folder;
    return config;
}

std::optional<Config> load_config(const std::string& path, geo::Problems& problems) {
    geo::Problems own;
    const auto document = zones::JsonDocument::load(path, own);
    std::optional<Config> config;
    if (document != nullptr) {
        config = ConfigReader{document->root(), std::filesystem::path{path}.parent_path().string()}
                     .read();
    }
    const bool faulty = geo::any_fault(own);
    problems.insert(problems.end(), own.begin(), own.end());
    return faulty ? std::nullopt : config;
}

}  // namespace control
