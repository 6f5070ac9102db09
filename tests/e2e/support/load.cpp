// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/load.hpp"

#include <stdexcept>

#include <unistd.h>

namespace e2e {
namespace {

constexpr std::size_t udp_clients = 3;
constexpr std::uint16_t outstanding = 8;

void put(const UdpClient& client, const Octets& message) {
    client.send(message);
}
void put(const TcpClient& client, const Octets& message) {
    client.send(framed(message));
}

std::string text_of(const Reply& reply) {
    std::string text = reply.rcode;
    for (const auto& data : reply.data()) text += " " + data;
    return text;
}

}  // namespace

Load::Load(const Endpoint& server, Query query, std::set<std::string> right)
    : query_{std::move(query)}, right_{std::move(right)}, results_(udp_clients + 1) {
    for (std::size_t i = 0; i < udp_clients; ++i) {
        threads_.emplace_back([this, server, i] { ask<UdpClient>(server, results_[i]); });
    }
    threads_.emplace_back([this, server] { ask<TcpClient>(server, results_.back()); });
}

Load::~Load() {
    stopping_ = true;
    for (auto& thread : threads_) thread.join();
}

template <class Client>
void Load::ask(const Endpoint& server, LoadResult& result) try {
    // A long load of the server gives way: not to clients that only wait to ask again.
    [[maybe_unused]] const auto refused = ::nice(19);
    const Client client{server};
    auto query = query_;
    while (!stopping_) {
        for (std::uint16_t i = 0; i < outstanding; ++i) {
            ++query.id;
            put(client, to_octets(query));
            ++result.asked;
        }
        std::set<std::uint16_t> ids;
        for (std::uint16_t i = 0; i < outstanding; ++i) {
            const auto octets = client.receive();
            if (!octets) {
                result.lost += outstanding - ids.size();
                return;
            }
            const auto reply = read_reply(*octets);
            ids.insert(reply.id);
            const auto text = text_of(reply);
            if (!right_.contains(text) && result.wrong.empty()) result.wrong = text;
            ++answered_;
        }
        if (ids.size() != outstanding && result.wrong.empty()) result.wrong = "one id twice";
    }
} catch (const std::exception& fault) {
    result.wrong = fault.what();
}

void Load::await(std::size_t more) const {
    const auto wanted = answered_ + more;
    if (!eventually([&] { return answered_ >= wanted; }))
        throw std::runtime_error{"queries are not answered any more"};
}

LoadResult Load::stop() {
    stopping_ = true;
    for (auto& thread : threads_) thread.join();
    threads_.clear();
    LoadResult sum;
    for (const auto& result : results_) {
        sum.asked += result.asked;
        sum.lost += result.lost;
        if (sum.wrong.empty()) sum.wrong = result.wrong;
    }
    return sum;
}

}  // namespace e2e
