// SPDX-License-Identifier: Apache-2.0
#include "dnsd/net/tcp_places.hpp"

#include "dnsd/net/tcp_connection.hpp"

#include <iterator>

namespace net {
namespace {

constexpr std::chrono::seconds stranger_time{2};  // for its first query, at a limit
constexpr std::size_t stranger_share = 4;         // of the places strangers have one in so many
constexpr unsigned candidates = 8;                // of which the one of the largest network goes

/// Of the connections that have waited longest, returns that of the largest network; null when
/// there is none.
TcpConnection* first_to_go(const TcpPlaces::Connections& connections, const geo::Prefix* network) {
    TcpConnection* found = nullptr;
    unsigned seen = 0;
    for (const auto& connection : connections) {
        if (network != nullptr && !(connection->network == *network)) continue;
        if (!connection->socket.is_open()) continue;  // on its way out already
        if (found == nullptr || connection->share->all() > found->share->all())
            found = connection.get();
        if (network != nullptr || ++seen == candidates) break;
    }
    return found;
}

}  // namespace

void TcpPlaces::add(const std::shared_ptr<TcpConnection>& connection) {
    auto& share = networks_[connection->network.address];
    connection->share = &share;
    if (share.all() >= limits_.of_network) {
        make_room(&connection->network);
    } else if (taken() >= limits_.connections) {
        make_room();
    }
    connection->deadline = Clock::now() + limits_.idle;
    strangers_.push_back(connection);
    connection->place = std::prev(strangers_.end());
    ++share.strangers;
}

void TcpPlaces::make_useful(TcpConnection& connection) {
    connection.deadline = Clock::now() + limits_.idle;
    auto& from = connection.useful ? clients_ : strangers_;
    clients_.splice(clients_.end(), from, connection.place);
    if (connection.useful) return;
    connection.useful = true;
    --connection.share->strangers;
    ++connection.share->clients;
}

void TcpPlaces::forget(const TcpConnection& connection) {
    --(connection.useful ? connection.share->clients : connection.share->strangers);
    if (connection.share->all() == 0) networks_.erase(connection.network.address);
    (connection.useful ? clients_ : strangers_).erase(connection.place);
}

void TcpPlaces::forget_ended() {
    for (const auto* connections : {&strangers_, &clients_}) {
        for (auto at = connections->begin(); at != connections->end();) {
            const auto& connection = *at++;
            if (connection.use_count() == 1) forget(*connection);
        }
    }
    std::erase_if(networks_, [](const auto& network) { return network.second.all() == 0; });
}

void TcpPlaces::make_room(const geo::Prefix* network) {
    auto* stranger = first_to_go(strangers_, network);
    auto* client = first_to_go(clients_, network);
    const auto strangers =
        network == nullptr ? strangers_.size() : networks_[network->address].strangers;
    const auto places = network == nullptr ? limits_.connections : limits_.of_network;
    const bool in_time = stranger == nullptr || Clock::now() < stranger->since + stranger_time;
    const bool client_goes =
        client != nullptr &&
        (stranger == nullptr || (in_time && strangers < places / stranger_share));
    auto* goes = client_goes ? client : stranger;
    if (goes != nullptr) goes->cut_off();
}

void TcpPlaces::close_overdue(Clock::time_point now) {
    for (const auto* connections : {&strangers_, &clients_}) {
        // Those with the earliest deadlines are always the first of their lists.
        for (const auto& connection : *connections) {
            if (connection->deadline > now) break;
            connection->cut_off();
        }
    }
}

void TcpPlaces::close_silent() {
    for (const auto* connections : {&strangers_, &clients_}) {
        for (const auto& connection : *connections) {
            boost::system::error_code ignored;
            if (!connection->writing) connection->socket.close(ignored);
        }
    }
}

}  // namespace net
