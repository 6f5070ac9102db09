// SPDX-License-Identifier: Apache-2.0
#include "dnsd/doctor/nodes.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace doctor {
namespace {

namespace asio = boost::asio;
using nlohmann::json;
using transfer::Asker;

constexpr std::size_t most_peers = 16;  // that are asked
constexpr const char* clocks = "clocks_differ";

/// The value of a fact in a line of facts; empty if it is not there.
std::string fact(const std::string& line, const std::string& key) {
    const auto at = (" " + line).find(" " + key + "=");
    if (at == std::string::npos) return {};
    const auto begin = at + key.size() + 1;
    return line.substr(begin, line.find(' ', begin) - begin);
}

std::string text_of(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// What to do about a fault between two nodes: `at` is the one that does not answer well.
std::string remedy_for(const std::string& fault, const std::string& at) {
    if (fault == clocks) return "set both clocks: \"timedatectl set-ntp true\"";
    if (fault == "bad_signature" || fault == "unknown_key" || fault == "short_signature")
        return "copy the same \"key_file\" to all nodes";
    if (fault == "connection_refused")
        return "is isochrone running at " + at + "? \"systemctl status isochrone\"";
    return "open TCP 53 and UDP 53 in the provider's firewall at " + at;
}

std::string because(const std::string& fault) {
    return fault.empty() ? "" : " (" + fault + ")";
}

/// What this server hears of a peer.
Finding judge_heard(const Peer& peer) {
    const auto where = fmt::format("{} ({})", peer.name, net::to_text(peer.endpoint));
    if (peer.data == "fresh") return {Level::Ok, "node", where + " is heard here"};
    if (peer.last_fault == clocks) {
        return {Level::Fault, "clock", where + " says that clocks differ",
                remedy_for(peer.last_fault, peer.name)};
    }
    const auto level = peer.data == "stale" ? Level::Warn : Level::Fault;
    return {level, "node",
            fmt::format("{} is not heard here, its data is {}{}", where,
                        peer.data.empty() ? "unknown" : peer.data, because(peer.last_fault)),
            remedy_for(peer.last_fault, peer.name)};
}

/// What the peer hears of this node: so its port is seen from outside.
Finding judge_hearing(const Peer& peer, const std::string& node) {
    if (peer.there.empty()) {
        return {Level::Warn, "node",
                fmt::format("{} does not tell whether it hears this node ({})", peer.name,
                            peer.not_told),
                "\"isochrone status\" there tells"};
    }
    const auto data = fact(peer.there, "data");
    const auto fault = fact(peer.there, "last_fault");
    if (data == "fresh")
        return {Level::Ok, "node", fmt::format("{} hears this node ({})", peer.name, node)};
    return {data == "stale" ? Level::Warn : Level::Fault, "node",
            fmt::format("{} does not hear this node ({}), the data there is {}{}", peer.name, node,
                        data, because(fault)),
            remedy_for(fault, node)};
}

asio::awaitable<void> ask_node(Asker& asker, std::shared_ptr<const transfer::Keys> keys,
                               zones::Name name, std::string node, Peer& peer) {
    const auto reply = co_await asker.ask(
        {.server = peer.endpoint, .name = name, .type = zones::rr::TXT, .keys = std::move(keys)},
        Asker::By::Tcp);
    peer.not_told = reply.fault;
    for (const auto& line : reply.texts()) {
        if (fact(line, "peer") == node) peer.there = line;
    }
    if (peer.there.empty() && peer.not_told.empty())
        peer.not_told =
            fmt::format("{}, and no line about {}", transfer::rcode_text(reply.rcode()), node);
}

}  // namespace

std::optional<Status> read_status(const std::string& text) {
    const auto status = json::parse(text, nullptr, false);
    if (!status.is_object() || status.contains("fault")) return std::nullopt;
    Status read;
    for (const auto& alarm : status.value("alarms", json::array())) {
        if (alarm.is_string()) read.alarms.push_back(alarm.get<std::string>());
    }
    for (const auto& difference : status.value("differences", json::array()))
        read.differences.push_back(text_of(difference, "line"));
    for (const auto& zone : status.value("zones", json::array())) {
        ++read.zones;
        if (!zone.contains("node")) continue;
        read.zone = text_of(zone, "zone");
        read.node = text_of(zone, "node");
        for (const auto& peer : zone.value("peers", json::array())) {
            const auto endpoint = net::read_endpoint(text_of(peer, "address"));
            if (endpoint)
                read.peers.push_back({.name = text_of(peer, "peer"),
                                      .endpoint = *endpoint,
                                      .data = text_of(peer, "data"),
                                      .last_fault = text_of(peer, "last_fault")});
        }
    }
    return read;
}

Findings judge_nodes(const Status& status) {
    Findings findings{
        {Level::Ok, "status",
         fmt::format("the server here runs and has {}", count_text(status.zones, "zone"))}};
    for (const auto& alarm : status.alarms)
        findings.push_back({Level::Warn, "status", alarm, "\"isochrone status\" and the log"});
    for (const auto& line : status.differences) {
        const auto there = fact(line, "there");
        findings.push_back(
            {Level::Fault, "digest",
             fmt::format("{} has another {} ({}) than this machine ({})", fact(line, "at"),
                         fact(line, "differs"), there.empty() ? "none" : there, fact(line, "here")),
             "copy the zone file, with its time (rsync -t, cp -p)"});
    }
    const bool compared =
        std::ranges::any_of(status.peers, [](const Peer& peer) { return peer.data == "fresh"; });
    if (status.differences.empty() && compared)
        findings.push_back({Level::Ok, "digest", "the nodes that are heard serve the same zones"});
    for (const auto& peer : status.peers) {
        findings.push_back(judge_heard(peer));
        findings.push_back(judge_hearing(peer, status.node));
    }
    return findings;
}

void ask_nodes(const asio::any_io_executor& executor, Asker& asker,
               const std::shared_ptr<const transfer::Keys>& keys, Status& status) {
    const auto name = zones::Name::from_text("_probes." + status.zone + ".", zones::Name{});
    std::size_t asked = 0;
    for (auto& peer : status.peers) {
        if (keys == nullptr || !name || asked++ >= most_peers) {
            peer.not_told = "it was not asked";
            continue;
        }
        asio::co_spawn(executor, ask_node(asker, keys, *name, status.node, peer), asio::detached);
    }
}

}  // namespace doctor
