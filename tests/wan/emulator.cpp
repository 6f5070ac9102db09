// SPDX-License-Identifier: Apache-2.0
#include "tests/wan/emulator.hpp"

#include "tests/wan/commands.hpp"
#include "tests/wan/device.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <exception>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <tuple>

#include <unistd.h>

namespace wan {
namespace {

namespace asio = boost::asio;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// Packets that are due within this come out together: to wake up for each costs a whole core.
constexpr std::chrono::microseconds grain{200};

/// Without it a fault would end a coroutine unseen, and the tests would wait in vain.
void rethrow(const std::exception_ptr& fault) {
    if (fault) std::rethrow_exception(fault);
}

}  // namespace

Emulator::Emulator(asio::io_context& context)
    : context_{context}, acceptor_{context}, timer_{context} {
    asio::co_spawn(context_, deliver(), rethrow);
}

std::string Emulator::obey(std::string_view line) {
    try {
        if (line.starts_with("site ")) {
            obey_site(line);
            return "done";
        }
        return wan::obey(line, network_);
    } catch (const std::exception& fault) {
        return std::string{"fault: "} + fault.what();
    }
}

void Emulator::obey_site(std::string_view line) {
    std::istringstream words{std::string{line}};
    std::string verb;
    std::string name;
    pid_t process = 0;
    if (!(words >> verb >> name >> process))
        throw std::invalid_argument{"expected: site NAME PROCESS PREFIX…"};
    std::string prefixes;
    std::getline(words, prefixes);
    wan::obey(verb + " " + name + prefixes, network_);
    devices_.emplace_back(context_, open_device(process));
    asio::co_spawn(context_, forward_from(devices_.size() - 1), rethrow);
}

void Emulator::listen(const std::string& path) {
    const asio::local::stream_protocol::endpoint endpoint{path};
    acceptor_.open(endpoint.protocol());
    acceptor_.bind(endpoint);
    acceptor_.listen();
    asio::co_spawn(context_, accept(), rethrow);
}

asio::awaitable<void> Emulator::accept() {
    for (;;) {
        auto [fault, peer] = co_await acceptor_.async_accept(as_result);
        if (fault) co_return;
        asio::co_spawn(context_, converse(std::move(peer)), rethrow);
    }
}

asio::awaitable<void> Emulator::converse(asio::local::stream_protocol::socket peer) {
    std::string input;
    for (;;) {
        const auto [fault, size] = co_await asio::async_read_until(
            peer, asio::dynamic_buffer(input, 65536), '\n', as_result);
        if (fault) co_return;
        const auto reply = obey(std::string_view{input}.substr(0, size - 1)) + "\n";
        input.erase(0, size);
        co_await asio::async_write(peer, asio::buffer(reply), as_result);
    }
}

asio::awaitable<void> Emulator::forward_from(SiteIndex site) {
    for (;;) {
        const auto [fault] = co_await devices_[site].async_wait(
            asio::posix::stream_descriptor::wait_read, as_result);
        if (fault) co_return;
        read_packets(site);
        schedule();
    }
}

void Emulator::read_packets(SiteIndex site) {
    // Bounded, so that one busy site does not keep what is due at others waiting.
    constexpr int batch = 32;
    std::uniform_real_distribution<double> draw;
    for (int i = 0; i < batch; ++i) {
        const auto size = ::read(devices_[site].native_handle(), packet_.data(), packet_.size());
        if (size <= 0) return;
        network_.enter(site, Octets(packet_.begin(), packet_.begin() + size), Clock::now(),
                       {draw(generator_), draw(generator_)});
    }
}

void Emulator::schedule() {
    const auto next = network_.next();
    if (next && *next + grain < timer_.expiry()) timer_.cancel();
}

asio::awaitable<void> Emulator::deliver() {
    for (;;) {
        const auto next = network_.next();
        timer_.expires_at(next ? *next + grain : Moment::max());
        co_await timer_.async_wait(as_result);
        network_.deliver_due(Clock::now(), [this](SiteIndex to, const Octets& packet) {
            // A device that is down or full loses the packet, as any network may.
            std::ignore = ::write(devices_[to].native_handle(), packet.data(), packet.size());
        });
    }
}

}  // namespace wan
