// SPDX-License-Identifier: Apache-2.0
#include "dnsd/setup/said.hpp"

#include "dnsd/setup/edge_place.hpp"
#include "geo/text/found_text.hpp"
#include "geo/text/trimmed.hpp"

#include <algorithm>
#include <array>

namespace setup {
namespace {

using geo::Error;
using geo::Result;
using zones::json_string;
using zones::shortened;

constexpr const char* edge_form = "; write NAME=ADDRESS, as in newyork=192.0.2.10";
constexpr const char* home_form =
    "; write ADDRESS:PORT, as in 10.8.0.2:32400 (Plex) or 10.8.0.2:8096 (Jellyfin)";

std::string quoted(std::string_view text) {
    return json_string(shortened(text));
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_host_name(std::string_view text) {
    const auto plain = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '.'; };
    return std::ranges::all_of(text, plain) && text.find(".-") == std::string_view::npos &&
           text.find("-.") == std::string_view::npos && !text.starts_with('-');
}

bool in_any(const geo::Address& address, std::span<const char* const> prefixes) {
    return std::ranges::any_of(
        prefixes, [&](const char* prefix) { return geo::read_prefix(prefix)->contains(address); });
}

/// Networks that people have at home, in tunnels and at providers (RFC 1918, RFC 6598, RFC 4193).
constexpr std::array private_networks{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                                      "100.64.0.0/10", "fc00::/7"};
constexpr std::array tunnel_networks{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"};
constexpr std::array home_networks{"192.168.0.0/16"};

std::string lowered(std::string_view text) {
    std::string low{text};
    for (auto& c : low) c = static_cast<char>(zones::lower(static_cast<std::uint8_t>(c)));
    return low;
}

Result<std::string> read_edge_name(std::string_view text) {
    const auto name = lowered(geo::trimmed(text));
    const auto plain = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; };
    if (name.empty() || name.size() > 63 || !is_letter_or_digit(name.front()) ||
        !std::ranges::all_of(name, plain)) {
        return Error{quoted(text) +
                     " is no name of an edge: it has 1 to 63 of a-z, 0-9, - and _, and begins with "
                     "a letter or "
                     "digit" +
                     edge_form};
    }
    if (name == home_folder)
        return Error{
            "an edge cannot be called \"home\": home has a folder of this name; call it after its "
            "city"};
    return Result<std::string>{boost::system::in_place_value, name};
}

Result<geo::Address> read_edge_address(std::string_view text) {
    const auto wanted = geo::trimmed(text);
    const auto address = geo::read_address(wanted);
    if (!address)
        return Error{quoted(wanted) + " is no address" + edge_form +
                     " or tokyo=203.0.113.5,2001:db8::5"};
    if (in_any(*address, private_networks))
        return Error{geo::to_text(*address) +
                     " is a private address, which no client on the internet reaches; write the "
                     "VM's public one, "
                     "which the provider's panel shows"};
    if (!geo::routable(*address))
        return Error{geo::to_text(*address) +
                     " is no address that the internet reaches; write the VM's public one"};
    return *address;
}

}  // namespace

Result<zones::Name> read_zone_name(std::string_view text, Extent extent) {
    const auto wanted = lowered(geo::trimmed(text));
    const auto name = zones::Name::from_text(wanted, zones::Name{});
    if (!name || name->label_count() == 0 || !is_host_name(wanted))
        return Error{
            quoted(text) +
            " is no name for a zone; write one of letters, digits, hyphens and dots, as in "
            "plex.example.com (other letters in their xn-- form)"};
    if (name->label_count() == 1)
        return Error{
            quoted(text) +
            " is no part of a domain; write a name under your own domain, as in plex.example.com"};
    if (name->label_count() == 2 && extent == Extent::Subdomain)
        return Error{zones::zone_text(*name) +
                     " is a whole domain: its mail and web records would have to move here too; "
                     "write a name under "
                     "it, as in plex." +
                     zones::zone_text(*name) + ", or add --whole-domain"};
    return *name;
}

Result<Edge> read_edge(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return Error{quoted(text) + " has no \"=\"" + edge_form};
    const auto at = text.find('@', equals);
    auto name = read_edge_name(text.substr(0, equals));
    if (!name) return name.error();
    Edge edge{.name = *name, .addresses = {}, .location = {}};
    auto rest = text.substr(equals + 1, at == std::string_view::npos ? at : at - equals - 1);
    for (bool more = true; more;) {
        const auto comma = rest.find(',');
        more = comma != std::string_view::npos;
        const auto address = read_edge_address(rest.substr(0, comma));
        if (!address) return address.error();
        if (std::ranges::find(edge.addresses, *address) != edge.addresses.end())
            return Error{geo::to_text(*address) + " stands twice in " + quoted(text) +
                         "; write it once"};
        edge.addresses.push_back(*address);
        if (more) rest.remove_prefix(comma + 1);
    }
    // The other nodes ask at the first, and not all of them need have IPv6.
    std::ranges::stable_partition(edge.addresses, [](const geo::Address& address) {
        return address.family == geo::Family::V4;
    });
    if (at == std::string_view::npos) return edge;
    const auto place = read_place(text.substr(at + 1));
    if (!place) return place.error();
    edge.location = *place;
    return edge;
}

Result<net::Endpoint> read_home(std::string_view text) {
    const auto wanted = geo::trimmed(text);
    const bool bare = geo::read_address(wanted).has_value();
    if (bare || wanted.ends_with(']')) return Error{quoted(wanted) + " has no port" + home_form};
    const auto home = net::read_endpoint(wanted);
    if (!home)
        return Error{quoted(wanted) + " is not where home can be found (a name is not enough)" +
                     home_form};
    if (!geo::routable(home->address) && !in_any(home->address, private_networks))
        return Error{geo::to_text(home->address) +
                     " leads nowhere from an edge; write home's address in a tunnel or on the "
                     "internet, as in "
                     "10.8.0.2:32400"};
    if (home->port == 0) return Error{quoted(wanted) + " has no port" + home_form};
    return *home;
}

WayHome way_to(const net::Endpoint& home) {
    return in_any(home.address, tunnel_networks) ? WayHome::WireGuard : WayHome::Plain;
}

std::vector<std::string> faults_of(const Plan& plan) {
    std::vector<std::string> faults;
    if (plan.edges.size() > most_edges)
        faults.push_back("more than " + std::to_string(most_edges) + " edges; leave some out");
    for (auto one = plan.edges.begin(); one != plan.edges.end(); ++one) {
        const auto where = std::find_if(plan.edges.begin(), one,
                                        [&](const Edge& other) { return other.name == one->name; });
        if (where != one)
            faults.push_back("two edges are called \"" + one->name + "\"; call one " + one->name +
                             "2, and name all addresses of one VM in one --edge, behind commas");
        for (const auto& address : one->addresses) {
            const auto has = [&](const Edge& other) {
                return std::ranges::find(other.addresses, address) != other.addresses.end();
            };
            const auto other = std::find_if(plan.edges.begin(), one, has);
            if (other != one)
                faults.push_back(geo::to_text(address) + " is the address of " + other->name +
                                 " and of " + one->name + "; each edge is a VM of its own");
            if (address == plan.home.address)
                faults.push_back("home, " + geo::to_text(address) + ", is the edge " + one->name +
                                 "; home is where the media server runs");
        }
    }
    if (plan.way == WayHome::WireGuard && !in_any(plan.home.address, tunnel_networks))
        faults.push_back("with WireGuard home has a private IPv4 address in the tunnel, and not " +
                         geo::to_text(plan.home.address) +
                         "; write --home 10.8.0.2:" + std::to_string(plan.home.port));
    else if (plan.way == WayHome::WireGuard && in_any(plan.home.address, home_networks))
        faults.push_back(geo::to_text(plan.home.address) +
                         " is an address of a home's own network, and in the tunnel home has "
                         "another; write --home "
                         "10.8.0.2:" +
                         std::to_string(plan.home.port) +
                         ", or add --no-wireguard if the edges reach this address already");
    if (plan.servers_in && plan.servers_in->within(plan.zone))
        faults.push_back(zones::zone_text(*plan.servers_in) +
                         " is inside of the zone; leave --nameservers-in out, and the name "
                         "servers get names there");
    return faults;
}

std::vector<std::string> warnings_of(const Plan& plan) {
    std::vector<std::string> warnings;
    for (const auto& edge : plan.edges) {
        if (edge.addresses.front().family == geo::Family::V6)
            warnings.push_back(
                edge.name + " has no IPv4 address: clients and nodes without IPv6 do not reach it");
    }
    return warnings;
}

}  // namespace setup
