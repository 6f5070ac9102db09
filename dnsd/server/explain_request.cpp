// SPDX-License-Identifier: Apache-2.0
#include "dnsd/server/explain_request.hpp"

#include <nlohmann/json.hpp>

namespace control {

using nlohmann::ordered_json;

std::optional<ExplainRequest> read_explain(const std::string& request) {
    const auto json = ordered_json::parse(request, nullptr, false);
    if (!json.is_object()) return std::nullopt;
    const auto text = [&](const char* key) {
        const auto found = json.find(key);
        return found != json.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string{};
    };
    const auto name = zones::Name::from_text(text("name"), zones::Name{});
    const auto asker = geo::read_prefix(text("asker"));
    if (text("command") != "explain" || text("name").empty() || !name || !asker)
        return std::nullopt;
    return ExplainRequest{*name, {.prefix = *asker}};
}

std::string explain_reply(const zones::Name& name, const Rows& rows, const ServerFacts& facts) {
    auto reply = ordered_json::object();
    reply["version"] = facts.version;
    reply["zones"] = facts.snapshot->catalog.zones().size();
    reply["found"] = facts.snapshot->catalog.find(name) != nullptr;
    reply["rows"] = ordered_json::array();
    for (const auto& [key, value] : rows) reply["rows"].push_back({key, value});
    return reply.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace control
