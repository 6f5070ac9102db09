// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/nodes/three_nodes.hpp"

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include <sys/stat.h>

namespace e2e {

ThreeNodes::ThreeNodes() {
    const auto key = folder.write("share.key", run(isochrone({"key", "node-key"})).output);
    if (::chmod(key.c_str(), 0600) != 0) throw std::runtime_error{"chmod"};
    for (const auto& node : names) endpoints_[node] = free_endpoint("127.7.0.1");
    for (const auto& node : names) {
        for (const auto* inside : {"/zones", "/state"})
            std::filesystem::create_directories(folder.path(node + inside));
        folder.write(node + ".json", config_of(node));
    }
}

std::string ThreeNodes::config_of(const std::string& node) const {
    std::string peers;
    for (const auto& [name, endpoint] : endpoints_) {
        if (name == node) continue;
        peers += (peers.empty() ? "\"" : ", \"") + name + "\": \"" + to_text(endpoint) + "\"";
    }
    return R"({ "listen": ")" + to_text(endpoints_.at(node)) + R"(", "zones": ")" + node +
           R"(/zones", "state": ")" + folder.path(node + "/state") +
           R"(", "workers": 1, "allow": { "dashboard": "127.0.0.0/8" }, "node": { "edge": ")" +
           node + R"(", "zone": ")" + apex + R"(", "key_file": "share.key", "peers": { )" + peers +
           " } } }";
}

void ThreeNodes::write_zone(const std::string& node, const std::string& text,
                            const std::string& file) const {
    // In one step, as an editor does it: half a file is a fault that the log tells of.
    const auto whole = folder.write(node + "/" + file, text);
    std::filesystem::rename(whole, folder.path(node + "/zones/" + file));
}

void ThreeNodes::write_zones(const std::string& text, const std::string& file) const {
    for (const auto& node : names) write_zone(node, text, file);
}

void ThreeNodes::remove_zone(const std::string& node, const std::string& file) const {
    std::filesystem::remove(folder.path(node + "/zones/" + file));
}

ServerProcess& ThreeNodes::start(const std::string& node) {
    auto& server = servers_[node];
    server = std::make_unique<ServerProcess>(
        Command{"--config", folder.path(node + ".json"), "--state", folder.path(node + "/state")});
    return *server;
}

void ThreeNodes::start_all() {
    for (const auto& node : names) start(node);
}

Finished ThreeNodes::command(const std::string& node, Command words) const {
    words.insert(words.end(), {"--state", folder.path(node + "/state")});
    return run(isochrone(words));
}

std::vector<std::string> ThreeNodes::lines(const std::string& node, const std::string& zone) const {
    return observed(at(node), "_probes." + zone);
}

std::string ThreeNodes::edge_fact(const std::string& node, const std::string& edge,
                                  std::string_view key) const {
    return fact(line_with(lines(node), "edge=" + edge), key);
}

bool ThreeNodes::hear_each_other() const {
    return eventually([&] {
        return std::ranges::all_of(servers_, [&](const auto& running) {
            const auto lines = observed(*running.second, std::string{"_probes."} + apex);
            return std::ranges::all_of(servers_, [&](const auto& other) {
                return other.first == running.first ||
                       fact(line_with(lines, "peer=" + other.first), "data") == "fresh";
            });
        });
    });
}

}  // namespace e2e
