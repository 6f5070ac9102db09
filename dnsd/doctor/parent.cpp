// SPDX-License-Identifier: Apache-2.0
#include "dnsd/doctor/parent.hpp"

#include "dnsd/doctor/delegation_gaps.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iterator>

namespace doctor {
namespace {

namespace asio = boost::asio;
namespace rr = zones::rr;
using transfer::Asker;
using Addresses = std::vector<geo::Address>;

constexpr std::size_t most_servers = 13;  // of a parent: no zone with many children has more

std::string texts_of(const Addresses& addresses) {
    std::vector<std::string> texts;
    for (const auto& address : addresses) texts.push_back(geo::to_text(address));
    return listed(texts);
}

Addresses without(const Addresses& all, const Addresses& others) {
    Addresses rest;
    std::ranges::copy_if(all, std::back_inserter(rest), [&](const auto& address) {
        return std::ranges::find(others, address) == others.end();
    });
    return rest;
}

/// What several servers say alike is one finding, which names them all.
class Grouped {
 public:
    void add(const std::string& server, Finding finding) {
        for (auto& group : groups_) {
            if (group.finding.text != finding.text || group.finding.row != finding.row) continue;
            group.servers.push_back(server);
            return;
        }
        groups_.push_back({std::move(finding), {server}});
    }
    [[nodiscard]] bool empty() const noexcept { return groups_.empty(); }
    /// Puts the servers before the texts.
    [[nodiscard]] Findings take() {
        Findings findings;
        for (auto& [finding, servers] : groups_) {
            finding.text = listed(servers) + " " + finding.text;
            findings.push_back(std::move(finding));
        }
        return findings;
    }

 private:
    struct Group {
        Finding finding;
        std::vector<std::string> servers;
    };
    std::vector<Group> groups_;
};

class Judge {
 public:
    Judge(const zones::Zone& zone, const ParentSide& side) : zone_{zone}, side_{side} {}

    Findings findings() {
        std::size_t asked = 0;
        for (const auto& server : side_.servers) {
            if (server.fault.empty() && server.reply.came()) {
                ++asked;
                judge(server);
            } else {
                const auto& why = server.fault.empty() ? server.reply.fault : server.fault;
                said_.add(server.name, {Level::Warn, "parent", "cannot be asked (" + why + ")",
                                        "is the way out of this machine open for port 53?"});
            }
        }
        const bool good = said_.empty();
        auto all = said_.take();
        if (good && asked > 0) all.push_back(as_here(asked));
        return all;
    }

 private:
    Finding as_here(std::size_t asked) const {
        std::vector<std::string> names;
        bool glue = false;
        for (const auto& server : zone_.name_servers()) {
            names.push_back(short_name(server.name, zone_.apex()));
            glue |= needs_glue(server);
        }
        return {Level::Ok, "parent",
                fmt::format("{} ({}): NS {}{} as here", side_.zone, count_text(asked, "server"),
                            fmt::join(names, ", "), glue ? " and glue" : "")};
    }

    [[nodiscard]] bool needs_glue(const zones::NameServer& server) const {
        return server.name.within(zone_.apex()) && !server.addresses.empty();
    }

    void judge(const ParentServer& server) {
        const auto apex = zone_text(zone_.apex());
        const auto rcode = server.reply.rcode();
        if (rcode != wire::Rcode::NoError && rcode != wire::Rcode::NXDomain) {
            return said_.add(server.name,
                             {Level::Warn, "parent",
                              fmt::format("answers {} for {}", transfer::rcode_text(rcode), apex),
                              "ask who runs " + side_.zone});
        }
        const auto told = server.reply.name_servers(zone_.apex());
        if (told.empty()) {
            return said_.add(server.name,
                             {Level::Fault, "parent", "has no NS records for " + apex,
                              "enter what \"isochrone delegation\" prints at the DNS host or "
                              "registrar of " +
                                  side_.zone});
        }
        judge_names(server, told);
        // A parent that serves this zone too answers with the zone's own records.
        if (!server.reply.authoritative()) judge_glue(server, told);
    }

    void judge_names(const ParentServer& server, const std::vector<zones::Name>& told) {
        for (const auto& own : zone_.name_servers()) {
            if (std::ranges::find(told, own.name) != told.end()) continue;
            said_.add(server.name,
                      {Level::Fault, "parent",
                       fmt::format("does not name {} for {}", short_name(own.name, zone_.apex()),
                                   zone_text(zone_.apex())),
                       "add it to the name servers at the DNS host or registrar of " + side_.zone});
        }
        for (const auto& name : told) {
            if (std::ranges::find(zone_.name_servers(), name, &zones::NameServer::name) !=
                zone_.name_servers().end())
                continue;
            said_.add(server.name, {Level::Fault, "parent",
                                    fmt::format("names {}, which this zone does not",
                                                short_name(name, zone_.apex())),
                                    "take it out at the DNS host or registrar of " + side_.zone +
                                        ", or add it to \"nameservers\" in the zone file"});
        }
    }

    void judge_glue(const ParentServer& server, const std::vector<zones::Name>& told) {
        for (const auto& own : zone_.name_servers()) {
            if (!needs_glue(own) || std::ranges::find(told, own.name) == told.end()) continue;
            const auto name = short_name(own.name, zone_.apex());
            const auto there = server.reply.addresses(own.name);
            const auto wrong = without(there, own.addresses);
            const auto missing = without(own.addresses, there);
            if (!wrong.empty()) {
                said_.add(server.name,
                          {Level::Fault, "glue",
                           fmt::format("has {} for {}, this zone {}", texts_of(wrong), name,
                                       texts_of(own.addresses)),
                           "correct the host object at the registrar, or the address record at "
                           "the DNS host of " +
                               side_.zone});
            } else if (!missing.empty()) {
                said_.add(server.name,
                          {there.empty() ? Level::Fault : Level::Warn, "glue",
                           fmt::format("has no {} for {}", texts_of(missing), name),
                           "add it to the host object at the registrar, or as address record at "
                           "the DNS host of " +
                               side_.zone});
            }
        }
    }

    const zones::Zone& zone_;
    const ParentSide& side_;
    Grouped said_;
};

asio::awaitable<void> ask_server(Asker& asker, zones::Name apex, ParentServer& server) {
    server.reply = co_await asker.ask({.server = server.endpoint, .name = apex, .type = rr::NS},
                                      Asker::By::UdpThenTcp);
}

asio::awaitable<void> find_and_ask(Asker& asker, Resolver& resolver, zones::Name name,
                                   zones::Name apex, ParentServer& server) {
    const auto addresses = co_await resolver.addresses(name, false);
    server.fault = addresses.fault;
    if (addresses.found.empty()) co_return;
    server.endpoint = {addresses.found.front(), 53};
    co_await ask_server(asker, apex, server);
}

}  // namespace

Findings judge_parent(const zones::Zone& zone, const ParentSide& side) {
    Findings findings;
    for (const auto& gap : delegation_gaps(zone)) {
        findings.push_back({Level::Warn, "parent", zone_text(zone.apex()) + " lacks " + gap,
                            "change \"nameservers\" in the zone file, then tell the parent"});
    }
    if (zone.apex().label_count() == 0) {
        findings.push_back({Level::Hint, "parent", "the root has no parent: nothing was asked"});
    } else if (!side.fault.empty()) {
        findings.push_back(
            {Level::Warn, "parent",
             fmt::format("the parent of {} was not found ({})", zone_text(zone.apex()), side.fault),
             "--resolver ADDRESS asks another resolver, --parent ADDRESS a server "
             "of the parent"});
    }
    auto judged = Judge{zone, side}.findings();
    std::ranges::move(judged, std::back_inserter(findings));
    return findings;
}

asio::awaitable<void> ask_parent(Asker& asker, Resolver& resolver,
                                 std::vector<net::Endpoint> servers, zones::Name apex,
                                 ParentSide& side) {
    if (apex.label_count() == 0) co_return;
    const auto executor = co_await asio::this_coro::executor;
    if (!servers.empty()) {
        side.zone = zone_text(apex.parent());
        for (const auto& endpoint : servers) {
            auto& server = side.servers.emplace_back(
                ParentServer{.name = net::to_text(endpoint), .endpoint = endpoint});
            asio::co_spawn(executor, ask_server(asker, apex, server), asio::detached);
        }
        co_return;
    }
    for (auto above = apex.parent();; above = above.parent()) {
        const auto reply = co_await resolver.ask(above, rr::NS);
        side.zone = above.label_count() == 0 ? "the root" : zone_text(above);
        if (!reply.came()) {
            side.fault = reply.fault;
            co_return;
        }
        auto names = reply.name_servers(above);
        if (names.size() > most_servers) names.resize(most_servers);
        for (const auto& name : names) {
            auto& server = side.servers.emplace_back(ParentServer{.name = zone_text(name)});
            asio::co_spawn(executor, find_and_ask(asker, resolver, name, apex, server),
                           asio::detached);
        }
        if (!names.empty()) co_return;
        if (above.label_count() == 0) {
            side.fault = "the resolver does not know the servers of the root";
            co_return;
        }
    }
}

}  // namespace doctor
