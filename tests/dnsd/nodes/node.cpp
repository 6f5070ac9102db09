// SPDX-License-Identifier: Apache-2.0
#include "tests/dnsd/nodes/node.hpp"

#include <chrono>
#include <stdexcept>

namespace support {
namespace {

std::shared_ptr<const engine::Snapshot> snapshot(std::shared_ptr<const transfer::Keys> keys) {
    auto made = std::make_shared<engine::Snapshot>();
    made->signatures = transfer::signatures_of(std::move(keys));
    return made;
}

}  // namespace

std::shared_ptr<const transfer::Keys> shared_keys(std::uint8_t seed) {
    return std::make_shared<const transfer::Keys>(std::vector{transfer::TsigKey{
        *zones::Name::from_text("nodes.", zones::Name{}), std::vector<std::uint8_t>(32, seed)}});
}

zones::Name apex_of(const std::string& edge) {
    return *zones::Name::from_text(edge + "._probes.example.", zones::Name{});
}

Node::Node(boost::asio::io_context& context, const std::string& edge,
           std::shared_ptr<const transfer::Keys> keys, transfer::SoaTimes times)
    : edge_{edge},
      snapshots_{snapshot(keys)},
      queries_{context, snapshots_, nobody_},
      exchange_{context, keys, transfer::ZoneFace{apex_of(edge), apex_of("ns"), times},
                [this](const std::string& peer, const transfer::Changes& changes,
                       const transfer::Backlog::Hold& hold) {
                    ++times_heard;
                    if (holds) held.push_back(hold);
                    auto& records = heard[peer];
                    if (changes.all_removed) records.clear();
                    for (const auto& owner : changes.removed) {
                        if (records.erase(owner) == 0)
                            throw std::logic_error{"not there: " + owner};
                    }
                    for (const auto& [owner, text] : changes.set) records[owner] = text;
                }},
      worker_{net::ServerView{.snapshots = snapshots_, .observer = queries_}, {}, 0} {
    const auto sockets =
        net::open_sockets(*net::read_endpoint("127.0.0.1:0"), net::PortSharing::Nobody);
    if (!sockets) throw std::runtime_error{sockets.error().text};
    endpoint_ = sockets->endpoint;
    worker_.listen(*sockets);
    queries_.trust(keys);
    queries_.serve(&exchange_);
    worker_.start();
}

Node::~Node() {
    worker_.stop();
}

bool run_until(boost::asio::io_context& context, const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        context.restart();
        context.run_one_for(std::chrono::milliseconds{50});
    }
    return true;
}

}  // namespace support
