// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/health/drained_edges.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace e2e {

DrainedEdges::DrainedEdges() {
    write("health.test");
    write("other.test");
    start();
}

void DrainedEdges::start() {
    server_ = std::make_unique<ServerProcess>(
        Command{"--state", folder_.path("state"), folder_.path("zones")});
}

void DrainedEdges::kill() {
    server_->signal(SIGKILL);
    server_->wait_for_end();
}

Finished DrainedEdges::command(Command words) const {
    words.insert(words.end(), {"--state", folder_.path("state")});
    return run(isochrone(words));
}

std::string DrainedEdges::state() const {
    std::ifstream file{folder_.path("state/health")};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string DrainedEdges::answer(const std::string& apex) const {
    return answer_for(*server_, "all." + apex);
}

std::string DrainedEdges::write_plain(const std::string& apex, const std::string& members) const {
    return folder_.write("zones/z-" + apex + ".json",
                         R"({"zone": ")" + apex + R"(", )" + members +
                             R"("nameservers": {"ns1": "192.0.2.10"}, "records": {}})");
}

void DrainedEdges::write(const std::string& apex) const {
    std::filesystem::create_directories(folder_.path("zones"));
    folder_.write(
        "zones/" + apex + ".json",
        to_text({.apex = apex,
                 .edges = {tcp_edge("us-east", us_east), tcp_edge("us-west", us_west),
                           tcp_edge("eu-west", eu_west)},
                 .steers = {{"where", failover({"us-east", "us-west", "eu-west"})},
                            {"all", R"({ "all": ["us-east", "us-west", "eu-west"] })"}}}));
}

}  // namespace e2e
