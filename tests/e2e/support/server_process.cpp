// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/server_process.hpp"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sstream>
#include <stdexcept>

namespace e2e {
namespace {

Command serve_command(const Command& arguments, const Command& before, const std::string& state) {
    Command command = before;
    const bool elsewhere = std::ranges::any_of(arguments, [](const std::string& word) {
        return word == "--listen" || word == "--config";
    });
    Command serve{"serve"};
    if (!elsewhere) serve.insert(serve.end(), {"--listen", "127.0.0.1:0"});
    if (std::ranges::find(arguments, "--state") == arguments.end()) {
        serve.insert(serve.end(), {"--state", state});
    }
    serve.insert(serve.end(), arguments.begin(), arguments.end());
    const auto words = isochrone(serve);
    command.insert(command.end(), words.begin(), words.end());
    return command;
}

/// "127.0.0.1:5300" or "[::1]:5300", as the log has it.
Endpoint read_endpoint(const std::string& text) {
    const auto colon = text.rfind(':');
    auto address = text.substr(0, colon);
    if (address.front() == '[') address = address.substr(1, address.size() - 2);
    return {address, static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1)))};
}

}  // namespace

std::string to_text(const Endpoint& endpoint) {
    const bool v6 = endpoint.address.find(':') != std::string::npos;
    return (v6 ? "[" + endpoint.address + "]" : endpoint.address) + ":" +
           std::to_string(endpoint.port);
}

Command isochrone(const Command& arguments) {
    Command command{ISOCHRONE};
    const bool configured = std::ranges::find(arguments, "--config") != arguments.end();
    if (!configured)
        command.insert(command.end(),
                       {"--config", PROJECT_FOLDER "/tests/e2e/support/defaults.json"});
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
}

ServerProcess::ServerProcess(const Command& arguments, const Command& before)
    : Process{serve_command(arguments, before, state.path(""))} {
    const auto line = wait_for(" serves ");
    std::istringstream words{line.substr(line.find(" on ") + 4)};
    for (std::string word; words >> word;) endpoints_.push_back(read_endpoint(word));
}

std::vector<id_t> ServerProcess::threads() const {
    std::vector<id_t> threads;
    const auto tasks = "/proc/" + std::to_string(pid()) + "/task";
    for (const auto& task : std::filesystem::directory_iterator{tasks})
        threads.push_back(static_cast<id_t>(std::stoul(task.path().filename().string())));
    return threads;
}

std::string ServerProcess::reload() {
    signal(SIGHUP);
    return wait_for("reloaded");
}

int ServerProcess::stop() {
    signal(SIGTERM);
    return wait_for_end();
}

Command dig(const Endpoint& server, const Command& words) {
    // One try over a lossless network: silence is a fault, and dig says so by status 9.
    Command command{
        "dig",        "-r",        "@" + server.address, "-p",      std::to_string(server.port),
        "+norecurse", "+nocookie", "+tries=1",           "+time=60"};
    command.insert(command.end(), words.begin(), words.end());
    return command;
}

std::string dig_short(const Endpoint& server, const Command& words) {
    auto all = words;
    all.push_back("+short");
    const auto finished = run(dig(server, all));
    if (finished.status != 0) throw std::runtime_error{"dig: " + finished.output + finished.errors};
    return finished.output;
}

}  // namespace e2e
