// SPDX-License-Identifier: Apache-2.0
#include "dnsd/doctor/resolver.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace doctor {
namespace {

namespace asio = boost::asio;
namespace rr = zones::rr;
using transfer::Asker;
using transfer::Reply;

constexpr std::size_t most_resolvers = 3;  // MAXNS of resolv.h
constexpr std::chrono::milliseconds wait{2500};

}  // namespace

std::vector<net::Endpoint> resolvers_in(std::string_view text) {
    std::vector<net::Endpoint> found;
    std::istringstream lines{std::string{text}};
    for (std::string line; std::getline(lines, line) && found.size() < most_resolvers;) {
        std::istringstream words{line};
        std::string key, value;
        words >> key >> value;
        const auto address = geo::read_address(value);
        if (key == "nameserver" && address) found.push_back({*address, 53});
    }
    if (found.empty()) found.push_back({*geo::read_address("127.0.0.1"), 53});
    return found;
}

asio::awaitable<Reply> Resolver::ask(zones::Name name, zones::RrType type) {
    std::string faults;
    const auto first = good_;
    for (std::size_t i = 0; i < resolvers_.size(); ++i) {
        const auto at = (first + i) % resolvers_.size();
        auto reply = co_await asker_.ask(
            {.server = resolvers_[at], .name = name, .type = type, .recursion = true, .wait = wait},
            Asker::By::UdpThenTcp);
        const auto rcode = reply.rcode();
        if (reply.came() && (rcode == wire::Rcode::NoError || rcode == wire::Rcode::NXDomain)) {
            good_ = at;
            co_return reply;
        }
        faults += (faults.empty() ? "" : ", ") + net::to_text(resolvers_[at]) + ": " +
                  (reply.came() ? transfer::rcode_text(rcode) : reply.fault);
    }
    co_return Reply{.message = {}, .fault = std::move(faults)};
}

asio::awaitable<Resolver::Addresses> Resolver::addresses(zones::Name name, bool both) {
    Addresses result;
    const auto v4 = co_await ask(name, rr::A);
    result.found = v4.answered_addresses();
    result.fault = v4.fault;
    if (result.found.empty() || both) {
        const auto v6 = co_await ask(name, rr::AAAA);
        std::ranges::copy(v6.answered_addresses(), std::back_inserter(result.found));
        if (!v6.came()) result.fault = v6.fault;
    }
    if (!result.found.empty()) {
        result.fault.clear();
    } else if (result.fault.empty()) {
        result.fault = "it has no address";
    }
    co_return result;
}

}  // namespace doctor
