// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/health_zone.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace e2e {
namespace {

std::string in_quotes(std::string_view text) {
    return "\"" + std::string{text} + "\"";
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : std::string{between}) + part;
    return text;
}

}  // namespace

std::string check_of(std::string_view kind, const Relay& relay, std::string_view keys) {
    return "{ " + in_quotes(kind) + ": " + std::to_string(relay.port()) +
           (keys.empty() ? "" : ", " + std::string{keys}) + " }";
}

std::string edge_of(std::string_view name, const Relay& relay, std::string_view keys) {
    return in_quotes(name) + ": { \"addresses\": " + in_quotes(relay.address()) + ", " +
           std::string{keys} + " }";
}

std::string tcp_edge(std::string_view name, const Relay& relay) {
    return edge_of(name, relay, "\"check\": " + check_of("tcp", relay));
}

std::string to_text(const HealthZone& zone) {
    std::vector<std::string> records;
    for (const auto& [name, steer] : zone.steers) {
        records.push_back(in_quotes(name) + ": { \"steer\": " + steer + " }");
    }
    return "{\n\"zone\": " + in_quotes(zone.apex) +
           ",\n\"nameservers\": { \"ns1\": [\"192.0.2.10\"] },\n" + zone.keys + "\n\"edges\": {\n" +
           joined(zone.edges, ",\n") + "\n},\n\"records\": {\n" + joined(records, ",\n") +
           "\n}\n}\n";
}

std::string failover(const std::vector<std::string>& names) {
    std::vector<std::string> items;
    for (const auto& name : names) items.push_back(in_quotes(name));
    return "{ \"failover\": [" + joined(items, ", ") + "] }";
}

std::string answer_for(const ServerProcess& server, const std::string& name,
                       const std::string& subnet) {
    const auto reply = UdpClient{server.endpoint()}.ask({.name = name, .subnet = subnet});
    const auto data = reply.data();
    return data.empty() ? reply.rcode : joined(data, " ");
}

bool comes_to(const ServerProcess& server, const std::string& name, const std::string& answer) {
    return eventually([&] { return answer_for(server, name) == answer; });
}

std::vector<std::string> dig_answer(const Endpoint& server, Command words) {
    words.insert(words.end(), {"+noall", "+answer"});
    const auto finished = run(dig(server, words));
    if (finished.status != 0) throw std::runtime_error{"dig: " + finished.output + finished.errors};
    return lines_of(finished.output);
}

unsigned ttl_of(const std::string& line) {
    std::istringstream words{line};
    std::string owner;
    unsigned ttl = 0;
    if (!(words >> owner >> ttl)) throw std::runtime_error{"no TTL: " + line};
    return ttl;
}

std::vector<unsigned> ttls_of(const ServerProcess& server, const std::string& name) {
    std::vector<unsigned> ttls;
    for (const auto& line : dig_answer(server.endpoint(), {name})) ttls.push_back(ttl_of(line));
    return ttls;
}

std::vector<std::string> observed(const ServerProcess& server, const std::string& name) {
    auto lines = TcpClient{server.endpoint()}.ask({.name = name, .type = "TXT"}).data();
    for (auto& line : lines) line = line.substr(1, line.size() - 2);
    return lines;
}

std::string line_with(const std::vector<std::string>& lines, std::string_view fact) {
    const auto has_it = [&](const std::string& line) {
        return (" " + line + " ").find(" " + std::string{fact} + " ") != std::string::npos;
    };
    const auto found = std::ranges::find_if(lines, has_it);
    return found == lines.end() ? std::string{} : *found;
}

std::string fact(const std::string& line, std::string_view key) {
    std::istringstream words{line};
    for (std::string word; words >> word;) {
        if (word.starts_with(std::string{key} + "=")) return word.substr(key.size() + 1);
    }
    return {};
}

std::string edge_fact(const ServerProcess& server, std::string_view edge, std::string_view key) {
    return fact(line_with(observed(server), "edge=" + std::string{edge}), key);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
    return lines;
}

}  // namespace e2e
