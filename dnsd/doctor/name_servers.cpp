// SPDX-License-Identifier: Apache-2.0
#include "dnsd/doctor/name_servers.hpp"

#include "zones/name/serial.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace doctor {
namespace {

namespace asio = boost::asio;
namespace rr = zones::rr;
using transfer::Asker;
using transfer::Reply;

constexpr const char* firewall = "in the provider's firewall and in the machine's own";

/// "198.51.100.20 (ns2)", "192.0.2.10 (ns1, this machine)".
std::string who(const AskedServer& server) {
    return fmt::format("{} ({}{})", geo::to_text(server.address), server.name,
                       server.here ? ", this machine" : "");
}

/// True if this machine has no way to the address at all: that says nothing of the server.
bool no_way(const Reply& reply) {
    return reply.fault.find("unreachable") != std::string::npos ||
           reply.fault.find("cannot assign") != std::string::npos ||
           reply.fault.find("not supported") != std::string::npos;
}

bool not_asked(const Reply& reply) {
    return reply.fault.starts_with("not asked");
}

/// The row of a server that answers over one transport or none; nothing if it answers over both.
std::optional<Finding> silence(const AskedServer& server) {
    const auto& [udp, tcp] = std::pair{&server.udp, &server.tcp};
    if (udp->came() && tcp->came()) return std::nullopt;
    if (not_asked(*udp) || not_asked(*tcp))
        return Finding{Level::Warn, "server", who(server) + " was " + udp->fault + tcp->fault,
                       "name fewer zones"};
    if (udp->came()) {
        return Finding{Level::Fault, "tcp",
                       fmt::format("{}: UDP answers, TCP: {}", who(server), tcp->fault),
                       fmt::format("open TCP 53 {}", firewall)};
    }
    if (tcp->came()) {
        return Finding{Level::Fault, "udp",
                       fmt::format("{}: TCP answers, UDP: {}", who(server), udp->fault),
                       fmt::format("open UDP 53 {}", firewall)};
    }
    if (no_way(*udp)) {
        const bool v6 = server.address.family == geo::Family::V6;
        return Finding{v6 ? Level::Hint : Level::Warn, "server",
                       fmt::format("{} was not asked: this machine has no way there ({})",
                                   who(server), udp->fault),
                       v6 ? "run doctor on a machine with IPv6" : "mend this machine's network"};
    }
    const auto refused = [](const Reply* reply) {
        return reply->fault.find("refused") != std::string::npos;
    };
    const auto text = udp->fault == tcp->fault
                          ? fmt::format("UDP and TCP: {}", udp->fault)
                          : fmt::format("UDP: {}, TCP: {}", udp->fault, tcp->fault);
    return Finding{Level::Fault, "server", fmt::format("{}: {}", who(server), text),
                   refused(udp) || refused(tcp)
                       ? "no name server runs there: \"systemctl start isochrone\""
                       : fmt::format("is the machine up? Open UDP 53 and TCP 53 {}", firewall)};
}

/// The row of a server that answers, and does not serve the zone.
std::optional<Finding> lameness(const zones::Zone& zone, const AskedServer& server) {
    const auto& reply = server.udp.came() ? server.udp : server.tcp;
    if (reply.serial(zone.apex()) && reply.authoritative()) return std::nullopt;
    const auto rcode = reply.rcode();
    const auto says = rcode != wire::Rcode::NoError ? transfer::rcode_text(rcode)
                      : reply.authoritative()       ? "without an SOA"
                                                    : "without authority";
    return Finding{Level::Fault, "lame",
                   fmt::format("{} answers {}: it does not serve {}", who(server), says,
                               zone_text(zone.apex())),
                   "copy the zone file there, and run \"isochrone check\" there; or take the name "
                   "out of the delegation"};
}

std::optional<Finding> small_answers(const AskedServer& server) {
    if (server.udp.came() && !server.udp.has_opt()) {
        return Finding{Level::Warn, "edns", who(server) + " answers without EDNS",
                       "something before it strips OPT: look for \"DNS inspection\" in the "
                       "firewall"};
    }
    if (server.udp.came() && !server.large.came() && !not_asked(server.large)) {
        return Finding{Level::Fault, "edns",
                       fmt::format("{}: a large answer over UDP is lost ({})", who(server),
                                   server.large.fault),
                       "let UDP answers of up to 1,232 octets pass the firewalls"};
    }
    return std::nullopt;
}

/// Rows about the serials of all that answer, and of the file that was read here.
Finding serials(const zones::Zone& zone, const std::vector<const AskedServer*>& answering) {
    const auto apex = zone_text(zone.apex());
    const auto serial_of = [&](const AskedServer& server) {
        return *(server.udp.came() ? server.udp : server.tcp).serial(zone.apex());
    };
    const auto* newest = *std::ranges::max_element(answering, [&](const auto* a, const auto* b) {
        return zones::is_newer(serial_of(*b), serial_of(*a));
    });
    const auto best = serial_of(*newest);
    std::vector<std::string> old;
    for (const auto* server : answering) {
        if (serial_of(*server) != best)
            old.push_back(fmt::format("{} has {}", who(*server), serial_of(*server)));
    }
    if (!old.empty()) {
        return {Level::Fault, "serial",
                fmt::format("{}: {}, {} has {}", apex, listed(old), who(*newest), best),
                "copy the newest zone file there, with its time (rsync -t, cp -p)"};
    }
    if (best != zone.serial()) {
        return {Level::Warn, "serial",
                fmt::format("{}: the name servers have {}, the file here {}", apex, best,
                            zone.serial()),
                "\"systemctl reload isochrone\" reads it, or says in the log why not; or this copy "
                "is an old one"};
    }
    return {Level::Ok, "serial",
            fmt::format("{}: {} at {}, as in the file here", apex, best,
                        answering.size() == 1 ? "the address"
                                              : fmt::format("all {} addresses", answering.size()))};
}

std::size_t largest_answer(const std::vector<const AskedServer*>& answering) {
    std::size_t largest = 0;
    for (const auto* server : answering) {
        for (const auto* reply : {&server->udp, &server->large})
            largest = std::max(largest, reply->message.size());
    }
    return largest;
}

Findings totals(const std::vector<const AskedServer*>& answering, const Findings& found) {
    Findings findings;
    if (!any_trouble(found, "server") && !any_trouble(found, "tcp") && !any_trouble(found, "udp")) {
        findings.push_back({Level::Ok, "server",
                            fmt::format("{} by UDP and TCP",
                                        count_text(answering.size(), "address") +
                                            (answering.size() == 1 ? " answers" : " answer"))});
    }
    if (!any_trouble(found, "edns")) {
        findings.push_back({Level::Ok, "edns",
                            fmt::format("OPT in each answer; the largest over UDP had {} octets",
                                        largest_answer(answering))});
    }
    return findings;
}

asio::awaitable<void> ask_one(Asker& asker, zones::Name apex, zones::RrType type,
                              AskedServer& server, Asker::By by, Reply& to) {
    to = co_await asker.ask({.server = {server.address, 53}, .name = apex, .type = type}, by);
}

void ask_address(const asio::any_io_executor& executor, Asker& asker, const zones::Zone& zone,
                 AskedServer& server) {
    const auto& apex = zone.apex();
    const auto start = [&](zones::RrType type, Asker::By by, Reply& to) {
        asio::co_spawn(executor, ask_one(asker, apex, type, server, by, to), asio::detached);
    };
    start(rr::SOA, Asker::By::Udp, server.udp);
    start(rr::SOA, Asker::By::Tcp, server.tcp);
    start(largest_type(zone), Asker::By::Udp, server.large);
}

}  // namespace

Findings judge_servers(const zones::Zone& zone, const ServerSide& side) {
    Findings findings;
    for (const auto& unknown : side.unknown) {
        findings.push_back({Level::Fault, "server", unknown,
                            "give it addresses in its own zone, or take it out of "
                            "\"nameservers\""});
    }
    std::vector<const AskedServer*> answering;
    for (const auto& server : side.servers) {
        if (auto silent = silence(server)) findings.push_back(std::move(*silent));
        if (!server.udp.came() && !server.tcp.came()) continue;
        if (auto small = small_answers(server)) findings.push_back(std::move(*small));
        if (auto lame = lameness(zone, server)) {
            findings.push_back(std::move(*lame));
        } else {
            answering.push_back(&server);
        }
    }
    if (answering.empty()) return findings;
    std::ranges::move(totals(answering, findings), std::back_inserter(findings));
    findings.push_back(serials(zone, answering));
    return findings;
}

zones::RrType largest_type(const zones::Zone& zone) {
    zones::RrType type = rr::NS;
    std::size_t largest = 0;
    const auto found = zone.look_up(zone.apex());
    for (const auto& set : zone.sets(found.node)) {
        const auto size = zone.wire(set).octets.size();
        if (set.type == rr::SOA || size <= largest) continue;
        largest = size;
        type = set.type;
    }
    return type;
}

asio::awaitable<void> ask_servers(Asker& asker, Resolver& resolver, const zones::Zone& zone,
                                  const std::vector<geo::Prefix>& own, ServerSide& side) {
    const auto executor = co_await asio::this_coro::executor;
    for (const auto& server : zone.name_servers()) {
        auto addresses = server.addresses;
        const auto name = short_name(server.name, zone.apex());
        if (addresses.empty()) {
            const auto found = co_await resolver.addresses(server.name, true);
            addresses = found.found;
            if (addresses.empty())
                side.unknown.push_back(
                    fmt::format("{}: no address is found ({})", name, found.fault));
        }
        for (const auto& address : addresses) {
            const bool here = std::ranges::any_of(
                own, [&](const geo::Prefix& prefix) { return prefix.contains(address); });
            auto& asked = side.servers.emplace_back(
                AskedServer{.name = name, .address = address, .here = here});
            ask_address(executor, asker, zone, asked);
        }
    }
}

}  // namespace doctor
