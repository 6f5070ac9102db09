// SPDX-License-Identifier: Apache-2.0
#pragma once
// A network among real network namespaces: packets that their TUN devices send go through Network
// and come out at the device of the site that they are for, when it is their time.
// One thread, one io_context; everything here runs on it.

#include "tests/wan/network.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <random>
#include <string>
#include <string_view>

namespace wan {

class Emulator {
 public:
    explicit Emulator(boost::asio::io_context& context);

    /// Obeys a line of commands.hpp, where "site" has the id of a process in its namespace behind
    /// the name: `site boston 4711 192.0.2.0/24`. The reply, or "fault: …".
    std::string obey(std::string_view line);
    /// Takes commands from those who connect to this socket of the file system: a line, a reply.
    void listen(const std::string& path);

 private:
    boost::asio::awaitable<void> forward_from(SiteIndex site);
    boost::asio::awaitable<void> deliver();
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> converse(boost::asio::local::stream_protocol::socket peer);
    void read_packets(SiteIndex site);
    void obey_site(std::string_view line);
    void schedule();

    boost::asio::io_context& context_;
    boost::asio::local::stream_protocol::acceptor acceptor_;
    boost::asio::steady_timer timer_;
    std::deque<boost::asio::posix::stream_descriptor> devices_;  // by SiteIndex
    Octets packet_ = Octets(65536);                              // what is read just now
    Network network_;
    std::minstd_rand generator_{20261124};
};

}  // namespace wan
