// SPDX-License-Identifier: Apache-2.0
#include "dnsd/nodes/exchange.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace transfer {
namespace {

Serial serial_now() {
    return serial_at(std::chrono::system_clock::now());
}

}  // namespace

Exchange::Exchange(boost::asio::io_context& context, std::shared_ptr<const Keys> keys,
                   ZoneFace face, PeerListener listener)
    : context_{context},
      keys_{std::move(keys)},
      zone_{std::move(face)},
      listener_{std::move(listener)} {
    zone_.publish(Changes{}, serial_now());
}

Exchange::~Exchange() {
    listener_ = {};
    for (const auto& partner : partners_) partner.stop();
}

void Exchange::Partner::stop() const {
    peer->stop();
    notifier->stop();
}

void Exchange::set_peers(const std::vector<PeerSettings>& peers) {
    std::vector<Partner> next;
    for (const auto& settings : peers) {
        const auto same = std::ranges::find_if(partners_, [&](const Partner& partner) {
            return partner.peer->settings() == settings;
        });
        if (same != partners_.end()) {
            next.push_back(std::move(*same));
            partners_.erase(same);
            continue;
        }
        const auto tell = [this](const std::string& peer, const Changes& changes,
                                 const Backlog::Hold& hold) {
            if (listener_) listener_(peer, changes, hold);
        };
        next.push_back(
            {std::make_shared<Peer>(context_, settings, keys_, zone_.face().times.expire, tell),
             std::make_shared<Notifier>(context_, zone_.face().apex, settings.endpoint, keys_)});
        // A node that has moved is the same node: nobody is to be misled until it is fetched again.
        const auto before = std::ranges::find_if(partners_, [&](const Partner& partner) {
            const auto& old = partner.peer->settings();
            return old.name == settings.name && old.apex == settings.apex;
        });
        if (before != partners_.end()) next.back().peer->take_over(*before->peer);
        next.back().peer->start();
        next.back().notifier->start();
        next.back().notifier->notify();
    }
    for (const auto& partner : partners_) partner.stop();
    partners_ = std::move(next);
}

void Exchange::publish(const Changes& changes) {
    if (zone_.publish(changes, serial_now())) notify();
}

void Exchange::replace(const Records& all) {
    if (zone_.replace(all, serial_now())) notify();
}

void Exchange::notify() {
    for (const auto& partner : partners_) partner.notifier->notify();
}

std::vector<PeerStatus> Exchange::peers() const {
    std::vector<PeerStatus> peers;
    for (const auto& partner : partners_) peers.push_back(partner.peer->status());
    return peers;
}

void Exchange::revive() const {
    for (const auto& partner : partners_) {
        partner.peer->revive();
        partner.notifier->revive();
    }
}

Exchange::Partner* Exchange::partner_of(const zones::Name& apex) {
    const auto found = std::ranges::find_if(
        partners_, [&](const Partner& partner) { return partner.peer->settings().apex == apex; });
    return found == partners_.end() ? nullptr : &*found;
}

bool Exchange::hear(const zones::Name& apex) {
    auto* partner = partner_of(apex);
    if (partner != nullptr) partner->peer->wake();
    return partner != nullptr;
}

bool Exchange::hear(const zones::Name& apex, const SignatureStamp& stamp) {
    auto* partner = partner_of(apex);
    if (partner != nullptr && partner->heard.is_first(stamp)) partner->peer->wake();
    return partner != nullptr;
}

}  // namespace transfer
