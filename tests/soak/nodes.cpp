// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/nodes.hpp"

#include "tests/e2e/support/client.hpp"
#include "tests/e2e/support/example_zones.hpp"
#include "tests/e2e/support/health_zone.hpp"
#include "tests/support/mmdb_writer.hpp"

#include <filesystem>
#include <stdexcept>

#include <sys/stat.h>

namespace soak {
namespace {

constexpr const char* shared_zone = "share.test";
constexpr int many_names = 20'000;

std::string edge_name(std::size_t number) {
    return "edge" + std::to_string(number + 1);
}

std::string in_quotes(const std::string& text) {
    return "\"" + text + "\"";
}

/// The zone of all nodes: its apex is answered by latency.
std::string zone_of(const std::array<e2e::Endpoint, Nodes::count>& endpoints) {
    std::string members, names;
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        const std::string between = i == 0 ? "" : ", ";
        members += between + in_quotes(edge_name(i)) +
                   ": { \"addresses\": " + in_quotes(endpoints[i].address) +
                   ", \"location\": \"New York, US\" }";
        names += between + in_quotes(edge_name(i));
    }
    return "{ \"zone\": " + in_quotes(shared_zone) +
           ", \"nameservers\": { \"ns1\": \"127.7.0.1\" }, \"edges\": { " + members +
           " }, \"records\": { \"@\": { \"steer\": { \"latency\": [" + names + "] } } } }";
}

/// Large enough that a reload takes its time.
std::string large_zone() {
    std::string records;
    for (int i = 0; i < many_names; ++i) {
        records += (i == 0 ? "" : ",\n") + in_quotes("name" + std::to_string(i)) +
                   ": { \"A\": \"192.0.2.1\" }";
    }
    return "{ \"zone\": \"large.test\", \"nameservers\": { \"ns1\": \"192.0.2.10\" },\n"
           "\"records\": {\n" +
           records + "\n} }\n";
}

}  // namespace

Nodes::Nodes() {
    for (std::size_t i = 0; i < count; ++i)
        endpoints_[i] = e2e::free_endpoint("127.7.1." + std::to_string(i + 1));
    std::filesystem::create_directory(folder_.path("zones"));
    write_zones();
    replace_database("DE");
    const auto key = folder_.write("key", support::run(e2e::isochrone({"key", "soak"})).output);
    if (::chmod(key.c_str(), 0600) != 0) throw std::runtime_error{"chmod: " + key};
    for (std::size_t i = 0; i < count; ++i) {
        write_config(i);
        start(i);
    }
    for (std::size_t i = 1; i < count; ++i) {
        const auto heard = [&] {
            const auto lines = e2e::observed(asked(), std::string{"_probes."} + shared_zone);
            return e2e::fact(e2e::line_with(lines, "peer=" + edge_name(i)), "data") == "fresh";
        };
        if (!e2e::eventually(heard)) throw std::runtime_error{edge_name(i) + " is not heard"};
    }
}

void Nodes::write_address(const std::string& address) const {
    replace("zones/one.json", e2e::plain_zone("one.test", address));
}

void Nodes::write_fault(bool there) const {
    if (there)
        replace("zones/faulty.json", e2e::faulty_zone("faulty.test"));
    else
        std::filesystem::remove(folder_.path("zones/faulty.json"));
}

void Nodes::replace_database(const std::string& country) const {
    const auto octets = support::country_database(country);
    replace("countries.mmdb", {reinterpret_cast<const char*>(octets.data()), octets.size()});
}

void Nodes::set_edge(bool up) {
    if (up)
        first_.listen();
    else
        first_.die();
}

void Nodes::set_node(std::size_t number, bool runs) {
    if (runs)
        start(number);
    else
        servers_[number].reset();
}

void Nodes::write_zones() const {
    write_address("192.0.2.1");
    folder_.write("zones/share.json", zone_of(endpoints_));
    folder_.write("zones/where.json", e2e::steered_zone("where.test"));
    folder_.write("zones/large.json", large_zone());
    folder_.write("zones/flap.json",
                  e2e::to_text({
                      .apex = "flap.test",
                      .edges = {e2e::tcp_edge("first", first_), e2e::tcp_edge("second", second_)},
                      .steers = {{"edge", e2e::failover({"first", "second"})}},
                  }));
}

std::string Nodes::config_path(std::size_t number) const {
    return folder_.path(edge_name(number) + ".json");
}

void Nodes::write_config(std::size_t number) const {
    std::string peers;
    for (std::size_t i = 0; i < count; ++i) {
        if (i == number) continue;
        peers += (peers.empty() ? "" : ", ") + in_quotes(edge_name(i)) + ": " +
                 in_quotes(e2e::to_text(endpoints_[i]));
    }
    // The others are there to be heard, and serve the zone that they have in common alone.
    folder_.write(edge_name(number) + ".json",
                  "{ \"listen\": " + in_quotes(e2e::to_text(endpoints_[number])) +
                      (number == 0 ? ", \"zones\": \"zones\", \"databases\": \"countries.mmdb\""
                                   : ", \"zones\": \"zones/share.json\"") +
                      ", \"workers\": 1, \"node\": { \"zone\": " + in_quotes(shared_zone) +
                      ", \"edge\": " + in_quotes(edge_name(number)) +
                      ", \"key_file\": \"key\", \"peers\": { " + peers + " } } }");
}

void Nodes::start(std::size_t number) {
    servers_[number] =
        std::make_unique<e2e::ServerProcess>(support::Command{"--config", config_path(number)});
}

void Nodes::replace(const std::string& name, std::string_view octets) const {
    const auto beside = folder_.write(name + ".new", octets);
    std::filesystem::rename(beside, folder_.path(name));
}

}  // namespace soak
